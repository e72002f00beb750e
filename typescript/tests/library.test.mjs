import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import * as headroom from "headroom-ai";

import { anthropic, gemini, LOG, openai, ownStore, QUESTION, responses, vercel } from "./samples.mjs";

ownStore();

test("detectFormat", () => {
  const { detectFormat } = headroom;
  const expected = { openai: [openai(), responses(), [], [null], [{ role: "user", content: "x" }]], anthropic: [anthropic()] };
  Object.assign(expected, { gemini: [gemini()], vercel: [vercel(), [{ role: "user", parts: [{ type: "text", text: "x" }] }]] });
  for (const [format, samples] of Object.entries(expected)) {
    for (const messages of samples) assert.equal(detectFormat(messages), format, JSON.stringify(messages));
  }
});

test("what hooks are told", async () => {
  const { compress, CompressionHooks } = headroom;
  for (const make of [openai, anthropic, gemini, responses, () => vercel()]) {
    const seen = [];
    class Hooks extends CompressionHooks {
      preCompress(messages, context) {
        seen.push(context);
        return [...messages, { role: "user", content: "more" }];
      }
      async postCompress(event) {
        seen.push(event);
      }
    }
    const result = await compress(make(), { model: "gpt-4o", hooks: new Hooks() });
    assert.equal(result.messages.length, make().length + 1);
    const provider = headroom.detectFormat(make());
    assert.deepEqual(seen[0], { model: "gpt-4o", userQuery: QUESTION, turnNumber: 1, toolCalls: ["Bash"], provider });
    assert.equal(seen[1].tokensSaved, result.tokensSaved);
  }
  const stages = [];
  class Listener extends CompressionHooks {
    async onPipelineEvent(event) {
      await null;
      stages.push(event);
    }
    postCompress() {
      assert.equal(stages.at(-1).stage, "input_remembered");
    }
  }
  const fresh = openai(`${LOG}what has not been decided yet\n`);
  const calls = [compress(fresh, { model: "gpt-4o", hooks: new Listener() }), compress(openai(), { model: "gpt-4o" })];
  const [told] = await Promise.all(calls);
  assert.deepEqual(
    stages.map((event) => event.stage),
    ["input_received", "input_cached", "input_routed", "input_compressed", "input_remembered"],
  );
  assert.deepEqual(new Set(stages.map(({ provider, model }) => `${provider} ${model}`)), new Set(["openai gpt-4o"]));
  const { tokensBefore, tokensAfter, transforms } = stages[3].metadata;
  assert.deepEqual([tokensBefore, tokensAfter, transforms], [told.tokensBefore, told.tokensAfter, told.transformsApplied]);
  assert.ok(!JSON.stringify(stages).includes("sync_range"));
  assert.ok(stages.every((event) => headroom.CANONICAL_PIPELINE_STAGES.includes(event.stage)));
  const failing = new CompressionHooks();
  failing.preCompress = () => Promise.reject(new Error("no"));
  await assert.rejects(compress(openai(), { hooks: failing }), /no/);
});

test("SharedContext", async () => {
  const context = new headroom.SharedContext({ ttl: 3600, maxEntries: 2 });
  const entry = await context.put("a", LOG, { agent: "builder" });
  assert.equal(entry.agent, "builder");
  assert.ok(entry.compressedTokens < entry.originalTokens / 5);
  assert.equal(context.get("a", { full: true }), LOG);
  assert.equal(context.get("a"), entry.compressed);
  assert.equal(context.stats().totalTokensSaved, entry.originalTokens - entry.compressedTokens);
  await context.put("b", "b");
  await context.put("a", "new");
  await context.put("c", "c");
  assert.deepEqual(context.keys(), ["a", "c"]);
  assert.equal(context.getEntry("b"), null);
  context.clear();
  assert.equal(context.stats().entries, 0);
  const short = new headroom.SharedContext({ ttl: 0.001 });
  await short.put("a", "x");
  await sleep(5);
  assert.equal(short.get("a"), null);
});

test("parseSSE, however the bytes are cut", async () => {
  const text =
    'event: a\ndata: {"n": 1}\n\n: note\n\ndata: {"n":\ndata: 2}\r\n\r\ndata: no JSON\n\ndata:{"n":"\u00e9"}\n\n' +
    'data: {"n": 4}\r\rdata: [DONE]\n\ndata: {"n": 5}\n\n';
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events = await headroom.collectStream(headroom.parseSSE(new Response(body)));
    assert.deepEqual(events.map(({ n }) => n), [1, 2, "\u00e9", 4], `${size}`);
  }
  assert.deepEqual(await headroom.collectStream(headroom.parseSSE(new Response('data: {"n": 1}'))), [{ n: 1 }]);
  assert.deepEqual(await headroom.collectStream(headroom.parseSSE(new Response(null))), []);
});

test("names in both cases", () => {
  const { camelToSnake, deepCamelCase, deepSnakeCase, snakeToCamel } = headroom;
  assert.equal(snakeToCamel("tokens_before"), "tokensBefore");
  assert.equal(camelToSnake("tokensBefore"), "tokens_before");
  const value = { a_b: [{ c_d: null }], e: "f_g" };
  assert.deepEqual(deepCamelCase(value), { aB: [{ cD: null }], e: "f_g" });
  assert.deepEqual(deepSnakeCase(deepCamelCase(value)), value);
});

test("errors by the proxy's answer", () => {
  const { mapProxyError } = headroom;
  const kinds = { configuration_error: "ConfigurationError", storage_error: "StorageError", cache_error: "CacheError" };
  Object.assign(kinds, { provider_error: "ProviderError", transform_error: "TransformError", other: "HeadroomCompressError" });
  Object.assign(kinds, { tokenization_error: "TokenizationError", validation_error: "ValidationError" });
  for (const [type, name] of Object.entries(kinds)) {
    const error = mapProxyError(422, type, "why");
    assert.equal(error.name, name);
    assert.ok(error instanceof headroom[name] && error instanceof headroom.HeadroomError && error instanceof Error);
    assert.equal(error.message, "why");
  }
  assert.ok(mapProxyError(401, "x", "y") instanceof headroom.HeadroomAuthError);
  assert.equal(mapProxyError(422, "other", "").statusCode, 422);
});
