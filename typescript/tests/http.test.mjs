import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";

import {
  compress,
  compressText,
  HeadroomAuthError,
  HeadroomClient,
  HeadroomCompressError,
  HeadroomConnectionError,
  NotFoundError,
  retrieve,
  simulate,
  ValidationError,
} from "headroom-ai";

import { anthropic, gemini, LOG, openai, ownStore, QUESTION, responses, resultOf, startProxy, vercel } from "./samples.mjs";

ownStore();
const { url: baseUrl } = await startProxy();

for (const [name, make] of Object.entries({ openai, anthropic, gemini, responses, vercel: () => vercel() })) {
  test(`${name}: the proxy gives what this process gives`, async () => {
    const [here, there] = [await compress(make(), { model: "gpt-4o" }), await compress(make(), { model: "gpt-4o", baseUrl })];
    assert.equal(there.compressed, true, there.reason);
    assert.deepEqual(Object.keys(there).sort(), Object.keys(here).filter((key) => key !== "rewrite").sort());
    for (const key of Object.keys(there).filter((each) => each !== "drifts")) assert.deepEqual(there[key], here[key], key);
    assert.equal(await retrieve(there.ccrHashes[0], { baseUrl }), LOG);
    assert.equal(await retrieve(there.ccrHashes[0], { baseUrl, lines: [401, 401] }), "FAILED: src/wal.cc.o\n");
  });
}

test("texts, budgets, profiles, simulations", async () => {
  const options = { question: QUESTION, tool: "Bash", arguments: { command: "ninja" } };
  assert.equal((await compressText(LOG, { ...options, baseUrl })).text, (await compressText(LOG, options)).text);
  assert.deepEqual((await compress(openai(), { baseUrl, profile: "lossless" })).ccrHashes, []);
  assert.notEqual((await compress(openai(), { baseUrl, tokenBudget: 10 })).budgetNote, "");
  assert.ok((await simulate(openai(), { baseUrl })).tokensSaved > 0);
});

test("what the client asks for", async () => {
  const client = new HeadroomClient({ baseUrl: `${baseUrl}/` });
  const { messages, ccrHashes } = await client.compress(openai(), { model: "gpt-4o" });
  assert.ok(resultOf(messages).length < LOG.length);
  const original = await client.retrieve(ccrHashes[0]);
  assert.equal(original.originalContent, LOG);
  assert.equal(original.complete, true);
  assert.equal((await client.health()).service, "headroom-proxy");
  assert.equal(typeof (await client.proxyStats()).tokens.saved, "number");
  assert.match(await client.prometheusMetrics(), /^headroom_/m);
  assert.ok((await client.getCCRStats()).store.entryCount > 0);
  await assert.rejects(client.retrieve("0123456789ab"), NotFoundError);
});

/** A server that answers with these, one after the other, and counts. */
async function answering(...answers) {
  const server = createServer((request, response) => {
    const [status, body] = answers[Math.min(server.count++, answers.length - 1)];
    server.headers = request.headers;
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  server.count = 0;
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  after(() => server.close());
  server.url = `http://127.0.0.1:${server.address().port}`;
  return server;
}

test("a proxy that fails gives the input back, one that refuses is an error", async () => {
  const messages = openai();
  for (const answer of [[500, "x"], [503, "{}"], [200, "{}"], [200, "not JSON"]]) {
    const server = await answering(answer);
    const result = await compress(messages, { baseUrl: server.url });
    assert.deepEqual([result.messages, result.compressed], [messages, false]);
    assert.notEqual(result.reason, "");
    assert.ok(server.count <= 2);
    await assert.rejects(compress(messages, { baseUrl: server.url, fallback: false }));
  }
  const refusing = await answering([401, '{"error": {"type": "auth", "message": "who?"}}']);
  await assert.rejects(compress(messages, { baseUrl: refusing.url, apiKey: "k" }), HeadroomAuthError);
  assert.equal(refusing.headers.authorization, "Bearer k");
  assert.equal(refusing.count, 1);
  const wrong = await answering([400, '{"error": {"type": "validation_error", "message": "no"}}']);
  await assert.rejects(compress(messages, { baseUrl: wrong.url }), ValidationError);
  const strange = await answering([418, "tea"]);
  await assert.rejects(compress(messages, { baseUrl: strange.url }), HeadroomCompressError);
  const late = await answering([503, ""], [503, ""], [404, '{"detail": "none"}']);
  await assert.rejects(retrieve("0123456789ab", { baseUrl: late.url, retries: 2 }), NotFoundError);
});

test("nobody there", async () => {
  const closed = await answering([200, "{}"]);
  await new Promise((done) => closed.close(done));
  assert.deepEqual((await compress(openai(), { baseUrl: closed.url })).messages, openai());
  await assert.rejects(compress(openai(), { baseUrl: closed.url, fallback: false }), HeadroomConnectionError);
  await assert.rejects(retrieve("0123456789ab", { baseUrl: "no url" }), HeadroomConnectionError);
});
