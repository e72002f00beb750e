// The original's own package (headroom-ai 0.37, from the registry) against our proxy, as programs use it; and the same programs
// with our package in its place, in the process and over HTTP.

import assert from "node:assert/strict";
import { test } from "node:test";

import Anthropic from "@anthropic-ai/sdk";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, wrapLanguageModel } from "ai";
import OpenAI from "openai";

import { SAID, startProvider } from "./provider.mjs";
import { ANSWER, anthropic, LOG, openai, ownStore, resultOf, startProxy, vercel } from "./samples.mjs";

ownStore();
const provider = await startProvider();
const { url: baseUrl } = await startProxy("--anthropic-api-url", provider.url, "--openai-api-url", provider.url);

// What is not here: where the original's proxy keeps files that this one has none of.
const FILES = `HEADROOM_SAVINGS_PATH_ENV HEADROOM_SUBSCRIPTION_STATE_PATH_ENV HEADROOM_TOIN_PATH_ENV beaconLockPath binDir
  bridgeStatePath debug400Dir deployRoot licenseCachePath logDir memoryDbPath modelsConfigPath nativeMemoryDir proxyLogPath
  savingsPath sessionStatsPath subscriptionStatePath syncStatePath toinPath`.split(/\s+/);

test("every name of the original", async () => {
  for (const entry of ["", "/openai", "/anthropic", "/gemini", "/vercel-ai"]) {
    const ours = await import(`headroom-ai${entry}`);
    const absent = Object.keys(await import(`headroom-ai-original${entry}`)).filter((name) => !(name in ours));
    assert.deepEqual(absent, entry === "" ? FILES : []);
  }
});

for (const name of ["headroom-ai-original", "headroom-ai"]) {
  const original = await import(name);
  const { withHeadroom: withClaude } = await import(`${name}/anthropic`);
  const { withHeadroom: withGpt } = await import(`${name}/openai`);
  const { headroomMiddleware } = await import(`${name}/vercel-ai`);
  tests(name, original, withClaude, withGpt, headroomMiddleware);
}

function tests(packageName, original, withClaude, withGpt, headroomMiddleware) {
  const client = new original.HeadroomClient({ baseUrl, providerApiKey: "k", fallback: false });
  const options = { baseUrl, model: "gpt-4o", fallback: false };

  for (const [name, make] of Object.entries({ openai, anthropic, vercel: () => vercel() })) {
    test(`${packageName}: compress: ${name}`, async () => {
      const result = await original.compress(make(), options);
      assert.equal(result.compressed, true);
      assert.ok(result.tokensAfter < result.tokensBefore / 5);
      assert.equal(result.tokensSaved, result.tokensBefore - result.tokensAfter);
      assert.deepEqual(result.transformsApplied, ["log:fold"]);
      assert.ok(resultOf(result.messages).includes(ANSWER));
      assert.equal((await client.retrieve(result.ccrHashes[0])).originalContent, LOG);
    });
  }

  test(`${packageName}: simulate, a budget, hooks, a shared context`, async () => {
    assert.ok((await original.simulate(openai(), options)).tokensSaved > 0);
    assert.ok((await original.compress(openai(), { ...options, tokenBudget: 100 })).tokensAfter < 200);
    const seen = [];
    class Hooks extends original.CompressionHooks {
      postCompress(event) {
        seen.push(event.tokensSaved);
      }
    }
    await original.compress(openai(), { ...options, hooks: new Hooks() });
    assert.ok(seen[0] > 0);
    const context = new original.SharedContext({ baseUrl });
    await context.put("build", LOG, { agent: "builder" });
    assert.equal(context.get("build", { full: true }), LOG);
  });

  test(`${packageName}: what a client asks of the proxy`, async () => {
    const { ccrHashes } = await original.compress(openai(), options);
    const [hash] = ccrHashes;
    assert.equal((await client.health()).status, "healthy");
    assert.equal(typeof (await client.proxyStats()).tokens.saved, "number");
    assert.match(await client.prometheusMetrics(), /^headroom_requests_total /m);
    assert.ok((await client.getMetrics()).length > 0);
    assert.ok((await client.getSummary()).totalTokensSaved > 0);
    assert.ok((await client.getStats()).totalTokensSaved > 0);
    assert.equal((await client.validateSetup()).valid, true);
    assert.equal((await client.getCCRStats()).store.entryCount, 1);
    assert.ok((await client.retrieve(hash, { query: "sync_range" })).originalContent.includes(ANSWER));
    await assert.rejects(client.retrieve("0123456789ab"), original.HeadroomError);

    const input = { hash };
    const claude = await client.handleToolCall({ toolCall: { type: "tool_use", id: "a", name: "headroom_retrieve", input }, provider: "anthropic" });
    assert.deepEqual(claude.toolResult, { type: "tool_result", toolUseId: "a", content: LOG });
    const call = { id: "o", type: "function", function: { name: "headroom_retrieve", arguments: JSON.stringify(input) } };
    const gpt = await client.handleToolCall({ toolCall: call, provider: "openai" });
    assert.deepEqual(gpt.toolResult, { role: "tool", toolCallId: "o", content: LOG });
    assert.equal(gpt.success, true);
  });

  test(`${packageName}: conversations through the proxy, whole and as streams`, async () => {
    const chat = { model: "gpt-4o", messages: openai() };
    const asked = { model: "claude-sonnet-4-5", max_tokens: 9, messages: anthropic() };
    provider.received.length = 0;
    assert.equal((await client.chat.completions.create(chat)).choices[0].message.content, SAID);
    const chunks = await original.collectStream(await client.chat.completions.create({ ...chat, stream: true }));
    assert.equal(chunks.map((chunk) => chunk.choices[0].delta.content).join(""), SAID);
    assert.equal((await client.messages.create(asked)).content[0].text, SAID);
    const events = await original.collectStream(await client.messages.stream(asked));
    assert.equal(events.at(-1).type, "message_stop");
    assert.equal(provider.received.length, 4);
    for (const { body } of provider.received) {
      assert.ok(body.length < LOG.length / 3);
      assert.ok(body.includes(ANSWER));
    }
  });

  test(`${packageName}: its adapters`, async () => {
    provider.received.length = 0;
    const claude = withClaude(new Anthropic({ baseURL: provider.url, apiKey: "k" }), options);
    await claude.messages.create({ model: "claude-sonnet-4-5", max_tokens: 9, messages: anthropic() });
    const gpt = withGpt(new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: "k" }), options);
    await gpt.chat.completions.create({ model: "gpt-4o", messages: openai() });
    const model = createOpenAI({ baseURL: `${provider.url}/v1`, apiKey: "k" }).chat("gpt-4o");
    await generateText({ model: wrapLanguageModel({ model, middleware: headroomMiddleware(options) }), messages: vercel() });
    assert.equal(provider.received.length, 3);
    for (const { body } of provider.received) {
      assert.ok(body.length < LOG.length / 3);
      assert.ok(body.includes(ANSWER));
    }
  });

  test(`${packageName}: without a proxy the input comes back`, async () => {
    const result = await original.compress(openai(), { baseUrl: "http://127.0.0.1:9", model: "gpt-4o", fallback: true, retries: 0 });
    assert.equal(result.compressed, false);
  });
}
