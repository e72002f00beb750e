import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";

import {
  compress,
  compressText,
  countTokens,
  Engine,
  hasNative,
  HeadroomError,
  NotFoundError,
  retrieve,
  simulate,
  StorageError,
  ValidationError,
} from "headroom-ai";

import { ANSWER, anthropic, gemini, LOG, openai, ownStore, QUESTION, responses, resultOf, vercel } from "./samples.mjs";

ownStore();
const shapes = { openai, anthropic, gemini, responses, vercel: () => vercel() };

test("the work is done in this process", () => assert.equal(hasNative(), true));

for (const [name, make] of Object.entries(shapes)) {
  test(`${name}: the answer stays, the rest comes back`, async () => {
    const messages = make();
    const before = structuredClone(messages);
    const result = await compress(messages, { model: "gpt-4o" });
    assert.deepEqual(messages, before);
    assert.equal(result.compressed, true, result.reason);
    assert.ok(resultOf(result.messages).includes(ANSWER));
    assert.ok(result.tokensAfter < result.tokensBefore / 5);
    assert.equal(result.tokensSaved, result.tokensBefore - result.tokensAfter);
    assert.equal(result.compressionRatio, result.tokensAfter / result.tokensBefore);
    assert.equal(await retrieve(result.ccrHashes[0]), LOG);
    // What has no change is the same object, and the shape is what it was.
    assert.equal(result.messages[0], messages[0]);
    assert.equal(result.messages[1], messages[1]);
    const put = JSON.stringify(result.messages).replace(JSON.stringify(resultOf(result.messages)), '"X"');
    assert.equal(put, JSON.stringify(messages).replace(JSON.stringify(LOG), '"X"'));
  });
}

test("all shapes give the same text", async () => {
  const texts = new Set();
  for (const make of Object.values(shapes)) {
    texts.add(resultOf((await compress(make(), { model: "gpt-4o" })).messages));
  }
  texts.add((await compressText(LOG, { question: QUESTION, tool: "Bash", arguments: { command: "ninja" } })).text);
  assert.equal(texts.size, 1, inspect(texts));
});

test("vercel: JSON, several texts, errors, an earlier version's results", async () => {
  const rows = Array.from({ length: 90 }, (_, id) => ({ id, state: id === 41 ? "failed" : "running", zone: "eu" }));
  const json = await compress(vercel({ type: "json", value: rows }));
  assert.equal(json.messages[2].content[0].output.type, "text");
  assert.ok(json.messages[2].content[0].output.value.includes("failed"));

  const image = { type: "media", data: "aGk=", mediaType: "image/png" };
  const several = vercel({ type: "content", value: [{ type: "text", text: LOG }, image] });
  const parts = (await compress(several)).messages[2].content[0].output;
  assert.equal(parts.type, "content");
  assert.ok(parts.value[0].text.length < LOG.length / 5);
  assert.equal(parts.value[1], image);

  const failed = vercel({ type: "error-text", value: LOG });
  assert.equal((await compress(failed)).messages[2], failed[2]);

  const earlier = vercel(undefined);
  earlier[2].content[0] = { type: "tool-result", toolCallId: "t1", toolName: "Bash", result: LOG };
  assert.ok((await compress(earlier)).messages[2].content[0].result.includes(ANSWER));
});

test("results that are values, not texts, give way to texts", async () => {
  const rows = Array.from({ length: 90 }, (_, id) => ({ id, state: id === 41 ? "failed" : "running", zone: "eu" }));
  const messages = gemini();
  messages[2].parts[0].functionResponse.response = { rows };
  const result = await compress(messages);
  const { response } = result.messages[2].parts[0].functionResponse;
  assert.equal(typeof response.rows, "string", result.reason);
  assert.ok(response.rows.includes("failed"));
  assert.ok(response.rows.length < JSON.stringify(rows).length / 2);
  assert.equal(messages[2].parts[0].functionResponse.response.rows, rows);
});

test("parts of an original", async () => {
  const { ccrHashes } = await compress(openai());
  const id = ccrHashes[0];
  assert.equal(await retrieve(id.slice(0, 12), { lines: "401:401" }), "FAILED: src/wal.cc.o\n");
  assert.equal((await retrieve(`<<ccr:${id} 400 lines>>`, { lines: [1, 2] })).split("\n").length, 3);
  assert.ok((await retrieve(id, { query: "sync_range" })).includes("sync_range"));
  await assert.rejects(retrieve("0123456789ab"), NotFoundError);
  await assert.rejects(retrieve(id, { lines: "x" }), ValidationError);
  await assert.rejects(retrieve(undefined), ValidationError);
});

test("simulate stores nothing", async () => {
  const text = LOG.replaceAll("part", "other");
  const result = await simulate(openai(text), { model: "gpt-4o" });
  assert.ok(result.tokensSaved > 0);
  assert.match(result.estimatedSavings, /^\d+\.\d%$/);
  assert.equal(result.blocks[0].tool, "Bash");
  await assert.rejects(retrieve(result.blocks[0].ids[0]), NotFoundError);
});

test("a budget, a profile, what is no such thing", async () => {
  const lossless = await compress(openai(), { profile: "lossless" });
  assert.deepEqual(lossless.ccrHashes, []);
  await assert.rejects(compress(openai(), { profile: "none" }), ValidationError);
  for (const tokenBudget of [-1, 1.5, NaN, "9", 1n]) {
    await assert.rejects(compress(openai(), { tokenBudget }), ValidationError, inspect(tokenBudget));
  }
  const tight = await compress(openai(), { tokenBudget: 10 });
  assert.notEqual(tight.budgetNote, "");
  for (const messages of [null, undefined, "text", 1, {}, new Map()]) {
    await assert.rejects(compress(messages), ValidationError, inspect(messages));
  }
  await assert.rejects(compress(openai(), { model: 5 }), ValidationError);
});

test("whatever is in the messages, they come back", async () => {
  const cyclic = { role: "user", content: [] };
  cyclic.content.push(cyclic);
  let deep = "end";
  for (let i = 0; i < 100_000; ++i) deep = [deep];
  const throwing = { role: "user", get content() { throw new Error("no"); } };
  const odd = [
    null, undefined, 5, "text", true, [], [[]], 10n, Symbol("s"), () => 1, new Date(NaN), new Map([[1, 2]]), cyclic, throwing,
    { role: "wizard", content: "?" }, { role: "tool" }, { role: "tool", content: null, tool_call_id: 7 },
    { role: "user", content: deep }, { role: "assistant", tool_calls: [null, 5, { function: 3 }] },
    { role: "tool", content: "half \ud800 of it ".repeat(500), tool_call_id: "t1" }, { role: "tool", content: [10n] },
    { role: "user", parts: null }, { role: "user", parts: [null, { functionResponse: null }] },
    { role: "tool", content: [{ type: "tool-result", output: null }, { type: "tool-result", output: { type: "json" } }] },
    { role: "tool", content: [{ type: "tool-result", output: { type: "json", value: cyclic } }] },
    { role: "user", content: [{ type: "image", source: { data: Buffer.alloc(9) } }] }, Object.create(null),
    { role: "user", content: new Proxy({}, { get() { throw new Error("no"); } }) }, { toJSON() { throw new Error("no"); } },
    JSON.parse('{"__proto__": {"polluted": 1}, "role": "user"}'), { type: "function_call_output" }, { content: -0 },
  ];
  for (const message of odd) {
    for (const around of [[message], [...openai(), message], [message, ...vercel()]]) {
      const result = await compress(around);
      assert.equal(result.messages.length, around.length);
      assert.ok(result.messages.includes(message));
    }
  }
  assert.equal({}.polluted, undefined);
});

test("what JSON does not have stays beside what is shortened", async () => {
  const [user, call, tool] = openai();
  const call2 = { ...call, big: 10n, date: new Date(0), bytes: new Uint8Array(3), run() {} };
  class Tool {
    constructor() {
      Object.assign(this, tool, { cost: 5n });
    }
  }
  const result = await compress([user, call2, new Tool()]);
  assert.equal(result.compressed, true, result.reason);
  assert.equal(result.messages[1], call2);
  assert.ok(result.messages[2] instanceof Tool);
  assert.equal(result.messages[2].cost, 5n);
});

test("one text, its tokens; texts that are none", async () => {
  const out = await compressText(LOG, { question: QUESTION, tool: "Bash" });
  assert.equal(out.tokensBefore, countTokens(LOG));
  assert.equal(await retrieve(out.ccrHashes[0]), LOG);
  const half = "\udc00" + LOG;
  assert.equal((await compressText(half)).text, half);
  assert.equal((await compressText("")).text, "");
  await assert.rejects(compressText(5), ValidationError);
  assert.throws(() => countTokens(5), ValidationError);
});

test("an engine of its own; what cannot be opened says so", async () => {
  const engine = await Engine.open({ inMemory: true, minTokens: 1e9 });
  const body = JSON.stringify({ model: "gpt-4o", messages: openai() });
  assert.equal((await engine.compressBody(body)).changed, false);
  await assert.rejects(Engine.open({ workspaceDir: "/proc/none" }), StorageError);
  await assert.rejects(Engine.open({ minTokens: -1 }), ValidationError);
  await assert.rejects(Engine.open({ profile: "none" }), HeadroomError);
});

test("an encrypted store opens with its key", async () => {
  const folder = mkdtempSync(join(tmpdir(), "headroom-sealed-"));
  const [right, wrong] = ["a", "b"].map((digit) => join(folder, digit));
  for (const file of [right, wrong]) writeFileSync(file, file.at(-1).repeat(64), { mode: 0o600 });
  const open = (storeKeyFile) => Engine.open({ workspaceDir: join(folder, "store"), storeKeyFile });
  const kept = await (await open(right)).compressText(LOG.repeat(4));
  assert.equal(await (await open(right)).retrieve(kept.ccrHashes[0]), LOG.repeat(4));
  for (const other of [wrong, undefined, join(folder, "none")]) await assert.rejects(open(other), StorageError);
  rmSync(folder, { recursive: true });
});

test("many at once, and the event loop goes on", async () => {
  let ticks = 0;
  const timer = setInterval(() => ++ticks, 1);
  const texts = Array.from({ length: 60 }, (_, i) => LOG.repeat(4).replaceAll("part", `part${i % 20}-`));
  const all = await Promise.all(texts.map((text) => compress(openai(text))));
  clearInterval(timer);
  assert.ok(ticks > 0);
  for (const [i, result] of all.entries()) assert.equal(await retrieve(result.ccrHashes[0]), texts[i]);
});

test("worker threads, ended half way, too", async () => {
  const code = `
    const { parentPort, workerData } = require("node:worker_threads");
    const { compress } = require("headroom-ai");
    for (let i = 0; i < 20; ++i) compress(workerData);
    compress(workerData).then((result) => parentPort.postMessage(result.tokensAfter));`;
  const [expected, ...ends] = [await compress(openai())];
  for (let i = 0; i < 4; ++i) {
    const worker = new Worker(code, { eval: true, workerData: openai() });
    if (i % 2) ends.push(new Promise((done) => worker.once("online", () => done(worker.terminate()))));
    else ends.push(new Promise((done, failed) => {
      worker.once("error", failed);
      worker.once("message", (tokens) => done(assert.equal(tokens, expected.tokensAfter)));
    }));
  }
  await Promise.all(ends);
});
