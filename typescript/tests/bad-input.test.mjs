// Whatever stands in the messages and wherever it stands, they come back or an error of ours says why; the process lives.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";

import {
  collectStream,
  compress,
  compressText,
  countTokens,
  Engine,
  HeadroomError,
  parseSSE,
  retrieve,
  simulate,
  withHeadroom,
} from "headroom-ai";

import { anthropic, gemini, LOG, openai, ownStore, responses, vercel } from "./samples.mjs";

ownStore();

const nested = (levels, wrap) => {
  let value = "x";
  for (let i = 0; i < levels; ++i) value = wrap(value);
  return value;
};
const cyclic = () => {
  const value = { list: [] };
  value.list.push(value);
  return value;
};
const detached = () => {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
};
const raises = () => {
  throw new Error("not now");
};
const revoked = (of) => {
  const { proxy, revoke } = Proxy.revocable(of, {});
  revoke();
  return proxy;
};

const ODD = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => NaN,
  Infinity: () => [Infinity, -Infinity, -0],
  BigInt: () => 10n ** 1000n,
  Symbol: () => Symbol("x"),
  function: () => raises,
  Date: () => new Date(0),
  "Date that is none": () => new Date(NaN),
  Map: () => new Map([["role", "user"]]),
  Set: () => new Set([1]),
  WeakMap: () => new WeakMap(),
  Promise: () => Promise.resolve(1),
  RegExp: () => /x/,
  Error: () => new Error("x"),
  String: () => new String("x"),
  Buffer: () => Buffer.from([255, 0]),
  Float64Array: () => new Float64Array([NaN]),
  BigUint64Array: () => new BigUint64Array([1n]),
  ArrayBuffer: () => new ArrayBuffer(3),
  SharedArrayBuffer: () => new SharedArrayBuffer(3),
  "detached buffer": detached,
  generator: () => (function* () {})(),
  "array with holes": () => [, , 1],
  "lone surrogates": () => "\ud800 \udfff\udc00",
  NUL: () => "\0\x01",
  frozen: () => Object.freeze({ type: "text", text: "x" }),
  "no prototype": () => Object.assign(Object.create(null), { type: "text", text: "x" }),
  "own __proto__": () => JSON.parse('{"__proto__": {"role": "user"}, "constructor": 1, "toString": 2}'),
  "getter that throws": () => Object.defineProperty({}, "content", { get: raises, enumerable: true }),
  "getter of something else each time": () => {
    let i = 0;
    return Object.defineProperty({}, "text", { get: () => "x".repeat(++i), enumerable: true });
  },
  "toJSON that throws": () => ({ toJSON: raises }),
  "toJSON of itself": () => ({
    toJSON() {
      return this;
    },
  }),
  "toJSON of nothing": () => ({ toJSON: () => undefined }),
  "Proxy that throws": () => new Proxy({}, { get: raises, ownKeys: raises, has: raises, getPrototypeOf: raises }),
  "Proxy of an array that throws": () => new Proxy([1], { get: raises }),
  "Proxy that lies about its keys": () => new Proxy({}, { ownKeys: () => ["a", "b"] }),
  "revoked Proxy": () => revoked({}),
  "revoked Proxy of an array": () => revoked([]),
  cyclic,
  "lists 10,000 deep": () => nested(10_000, (value) => [value]),
  "objects 10,000 deep": () => nested(10_000, (value) => ({ a: value })),
  "lists 1,000,000 deep": () => nested(1_000_000, (value) => [value]),
  "key with half a pair": () => ({ "\ud800": "\udfff" }),
};

const LOG_OF = { openai: 2, anthropic: 2, responses: 2, gemini: 2, vercel: 2 };
const withResult = (make, odd) => [...make(), ...make(odd).slice(1)];
const PLACES = {
  "a message": (odd) => [...openai(), odd],
  role: (odd) => [...openai(), { role: odd, content: "x" }],
  content: (odd) => [...openai(), { role: "user", content: odd }],
  part: (odd) => [...openai(), { role: "user", content: [odd] }],
  text: (odd) => [...openai(), { role: "user", content: [{ type: "text", text: odd }] }],
  "result, openai": (odd) => withResult(openai, odd),
  "result, anthropic": (odd) => withResult(anthropic, odd),
  "result, responses": (odd) => withResult(responses, odd),
  "result, gemini": (odd) => withResult(gemini, odd),
  "result, vercel": (odd) => [...vercel(), ...vercel({ type: "json", value: odd }).slice(1)],
  "output, vercel": (odd) => [...vercel(), ...vercel(odd).slice(1)],
  id: (odd) => [...openai(), { role: "tool", tool_call_id: odd, content: "x" }],
  calls: (odd) => [...openai(), { role: "assistant", tool_calls: odd }],
  function: (odd) => [...openai(), { role: "assistant", tool_calls: [{ id: "a", function: odd }] }],
  "unknown member": (odd) => [...openai(), { role: "user", content: "x", extra: odd }],
};

const engine = await Engine.open({ inMemory: true });

for (const [kind, make] of Object.entries(ODD)) {
  test(`in messages: ${kind}`, async () => {
    for (const [place, put] of Object.entries(PLACES)) {
      const messages = put(make());
      const { messages: out, compressed, reason } = await compress(messages, { model: "gpt-4o" });
      assert.equal(out.length, messages.length, place);
      const changed = messages.flatMap((message, i) => (message === out[i] || Number.isNaN(message) ? [] : [i]));
      assert.ok(changed.every((i) => i === LOG_OF.openai || i > 3), `${place}: ${changed}`);
      assert.equal(compressed, changed.length > 0, place);
      if (!compressed) assert.notEqual(reason, "", place);
      await simulate(messages, { model: "gpt-4o" });
    }
  });

  test(`as an argument: ${kind}`, async () => {
    const calls = [
      (odd) => compress(odd),
      (odd) => compress(openai(), odd),
      (odd) => compress(openai(), { model: odd }),
      (odd) => compress(openai(), { tokenBudget: odd }),
      (odd) => compress(openai(), { profile: odd }),
      (odd) => compressText(odd),
      (odd) => compressText(LOG, { question: odd }),
      (odd) => compressText(LOG, { tool: odd, arguments: odd }),
      (odd) => compressText(LOG, { model: odd, type: odd }),
      (odd) => engine.compressBody(odd),
      (odd) => engine.retrieve(odd),
      (odd) => retrieve("0".repeat(24), { lines: odd }),
      (odd) => retrieve("0".repeat(24), { query: odd, path: odd }),
      (odd) => countTokens(odd),
      (odd) => countTokens("x", odd),
      (odd) => Engine.open({ inMemory: true, minTokens: odd }),
      (odd) => Engine.open({ inMemory: true, toolProfiles: odd }),
      (odd) => Engine.open({ inMemory: odd }),
      (odd) => withHeadroom(odd),
      (odd) => withHeadroom({ messages: { create: async () => 1 } }).messages.create(odd),
    ];
    for (const [i, call] of calls.entries()) {
      try {
        await call(make());
      } catch (error) {
        // Ours, or what the object itself threw when it was asked.
        const own = error instanceof Error && (error.message === "not now" || /revoked|trap|ownKeys/.test(error.message));
        assert.ok(error instanceof HeadroomError || own || error instanceof RangeError, `call ${i}: ${error?.stack}`);
      }
    }
  });
}

test("the addon itself, asked for anything", () => {
  const addon = createRequire(import.meta.url)(
    fileURLToPath(new URL("prebuilds", import.meta.resolve("headroom-ai/package.json"))) +
      `/${process.platform}-${process.arch}/headroom.node`,
  );
  const functions = Object.entries(addon).filter(([, value]) => typeof value === "function");
  assert.ok(functions.length >= 5);
  for (const [name, call] of functions) {
    for (const [kind, make] of Object.entries(ODD)) {
      for (const count of [0, 1, 3, 8, 20]) {
        const odd = make();
        try {
          call(...Array(count).fill(odd)); // two texts are what one of them takes
        } catch (error) {
          assert.equal(error.name, "TypeError", `${name}(${count} of ${kind}): ${error}`);
        }
      }
    }
  }
});

test("texts that change hands meanwhile", async () => {
  const bytes = new Uint8Array(Buffer.from(LOG));
  const result = compressText(bytes, { question: "Why did the build fail?" });
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  const other = new Uint8Array(new SharedArrayBuffer(LOG.length));
  other.set(Buffer.from(LOG));
  const shared = compressText(other, { question: "Why did the build fail?" });
  other.fill(32);
  const expected = (await compressText(LOG, { question: "Why did the build fail?" })).text;
  assert.equal((await result).text, expected);
  assert.equal((await shared).text, expected);
});

test("streams that are cut short", async () => {
  const encoder = new TextEncoder();
  const stream = (end) =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(encoder.encode('data: {"a": 1}\n\ndata: {"a": 2}\n\ndata: {"a": '));
          end(controller);
        },
      }),
    );
  const events = await collectStream(parseSSE(stream((controller) => controller.close())));
  assert.deepEqual(events, [{ a: 1 }, { a: 2 }]);
  const broken = parseSSE(stream((controller) => setTimeout(() => controller.error(new Error("gone")), 1)));
  assert.deepEqual((await broken.next()).value, { a: 1 });
  await broken.next();
  await assert.rejects(broken.next(), { name: "HeadroomConnectionError", code: "connection", message: /gone/ });
  assert.deepEqual(await collectStream(parseSSE(new Response(null))), []);
});

const WORK = `
  const { compressText } = require("headroom-ai");
  const text = Array.from({ length: 3000 }, (_, i) => i * 7919 % 10007 + " words " + i + " that differ " + i * i).join("\\n");
  for (let i = 0; i < 40; ++i) compressText(text + i).catch((error) => { if (!/ending/.test(error.message)) throw error; });
`;

test("worker threads that end while they compress", async () => {
  for (const after of [1, 60, 150]) {
    const workers = Array.from({ length: 4 }, () => new Worker(WORK, { eval: true, stdout: true }));
    await new Promise((done) => setTimeout(done, after));
    const codes = await Promise.all(workers.map((worker) => worker.terminate()));
    assert.equal(codes.length, 4);
  }
});

test("a process that ends while it compresses", async () => {
  for (const end of ["process.exit(7)", "setTimeout(() => process.exit(7), 100)", "setTimeout(() => process.exit(7), 300)"]) {
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const made = await promisify(execFile)(process.execPath, ["-e", WORK + end], { cwd }).catch((error) => error);
    assert.deepEqual([made.code, made.signal, made.stderr], [7, null, ""], end);
  }
});
