// withHeadroom() around the providers' own libraries, against a provider on this machine.

import assert from "node:assert/strict";
import { test } from "node:test";

import Anthropic from "@anthropic-ai/sdk";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { GoogleGenAI } from "@google/genai";
import { generateText, streamText, wrapLanguageModel } from "ai";
import OpenAI, { AzureOpenAI } from "openai";

import { CompressionHooks, retrieve, savingsOf, ValidationError, withHeadroom } from "headroom-ai";
import { headroomMiddleware } from "headroom-ai/vercel-ai";

import { SAID, startProvider } from "./provider.mjs";
import { ANSWER, anthropic, gemini, LOG, openai, ownStore, responses, startProxy, vercel } from "./samples.mjs";

ownStore();
const provider = await startProvider();
const { url } = provider;

const claude = () => new Anthropic({ baseURL: url, apiKey: "k", maxRetries: 0 });
const gpt = () => new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries: 0 });
const azure = () => new AzureOpenAI({ endpoint: url, apiKey: "k", apiVersion: "2025-01-01", deployment: "gpt-4o", maxRetries: 0 });
const google = () => new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url } });
const vercelOpenAI = () => createOpenAI({ baseURL: `${url}/v1`, apiKey: "k" }).chat("gpt-4o");
const vercelResponses = () => createOpenAI({ baseURL: `${url}/v1`, apiKey: "k" }).responses("gpt-5");
const vercelClaude = () => createAnthropic({ baseURL: `${url}/v1`, apiKey: "k" })("claude-sonnet-4-5");

const asked = { model: "claude-sonnet-4-5", max_tokens: 9, messages: anthropic() };
const chat = { model: "gpt-4o", messages: openai() };
const contents = { model: "gemini-2.5-pro", contents: gemini() };

async function joined(stream, text) {
  let all = "";
  for await (const each of stream) all += text(each) ?? "";
  return all;
}

const calls = {
  "anthropic, create": [claude, async (client) => (await client.messages.create(asked)).content[0].text],
  "anthropic, beta": [claude, async (client) => (await client.beta.messages.create({ ...asked, betas: ["x"] })).content[0].text],
  "anthropic, raw": [claude, async (client) => (await (await client.messages.create(asked).asResponse()).json()).content[0].text],
  "anthropic, events": [
    claude,
    async (client) => joined(await client.messages.create({ ...asked, stream: true }), (event) => event.delta?.text),
  ],
  "anthropic, stream": [claude, async (client) => client.messages.stream(asked).finalText()],
  "anthropic, options": [
    claude,
    async (client) => (await client.withOptions({ timeout: 9000 }).messages.create(asked)).content[0].text,
  ],
  "anthropic, count": [
    claude,
    async (client) => (await client.messages.countTokens({ model: asked.model, messages: asked.messages })).input_tokens,
  ],
  "openai, create": [gpt, async (client) => (await client.chat.completions.create(chat)).choices[0].message.content],
  "openai, events": [
    gpt,
    async (client) =>
      joined(await client.chat.completions.create({ ...chat, stream: true }), (part) => part.choices[0].delta.content),
  ],
  "openai, stream": [gpt, async (client) => client.chat.completions.stream(chat).finalContent()],
  "openai, responses": [
    gpt,
    async (client) => (await client.responses.create({ model: "gpt-5", input: responses() })).output_text,
  ],
  "openai, responses, stream": [
    gpt,
    async (client) => (await client.responses.stream({ model: "gpt-5", input: responses() }).finalResponse()).output_text,
  ],
  "azure": [azure, async (client) => (await client.chat.completions.create(chat)).choices[0].message.content],
  "google, generate": [google, async (client) => (await client.models.generateContent(contents)).text],
  "google, stream": [
    google,
    async (client) => joined(await client.models.generateContentStream(contents), (part) => part.text),
  ],
  "google, chat": [
    google,
    async (client) => {
      const session = client.chats.create({ model: contents.model, history: contents.contents });
      return (await session.sendMessage({ message: "and now?" })).text;
    },
  ],
  "google, count": [google, async (client) => (await client.models.countTokens(contents)).totalTokens],
};
const models = { vercelOpenAI, vercelResponses, vercelClaude };
for (const [name, make] of Object.entries(models)) {
  calls[`${name}, generate`] = [make, async (model) => (await generateText({ model, messages: vercel() })).text];
  calls[`${name}, stream`] = [make, async (model) => joined(streamText({ model, messages: vercel() }).textStream, (text) => text)];
}

for (const [name, [make, call]] of Object.entries(calls)) {
  test(`${name}: what is sent is shorter, and the answer is the same`, async () => {
    provider.received.length = 0;
    const client = make();
    const wrapped = withHeadroom(client);
    assert.equal(Object.getPrototypeOf(wrapped), Object.getPrototypeOf(client));
    const answer = await call(client);
    assert.deepEqual(await call(wrapped), answer);
    assert.ok(answer === SAID || answer === 10, JSON.stringify(answer));
    const [plain, short] = provider.received;
    assert.equal(plain.path, short.path);
    assert.ok(short.body.length < plain.body.length / 3, `${short.body.length} of ${plain.body.length} bytes`);
    assert.ok(short.body.includes(ANSWER));
    assert.equal(short.headers["content-length"], `${Buffer.byteLength(short.body)}`);
    assert.deepEqual(Object.keys(JSON.parse(short.body)), Object.keys(JSON.parse(plain.body)));
    const savings = savingsOf(wrapped);
    assert.equal(savings.requests, 1);
    assert.ok(savings.tokensSaved > 0);
    assert.equal(await retrieve(savings.last.ccrHashes[0]), LOG);
  });
}

test("the client itself and other requests stay", async () => {
  provider.received.length = 0;
  const client = gpt();
  const wrapped = withHeadroom(client);
  await wrapped.embeddings.create({ model: "e", input: LOG });
  await client.chat.completions.create(chat);
  const [embeddings, plain] = provider.received.map(({ body }) => JSON.parse(body));
  assert.equal(embeddings.input, LOG);
  assert.deepEqual(plain.messages, chat.messages);
  assert.equal(savingsOf(wrapped).requests, 0);
  assert.throws(() => savingsOf(client), ValidationError);
});

test("the client's own fetch, its retries and its errors", async () => {
  provider.received.length = 0;
  let fetched = 0;
  const own = (...all) => (++fetched, fetch(...all));
  provider.fail = 1;
  const wrapped = withHeadroom(new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries: 1, fetch: own }));
  assert.equal((await wrapped.chat.completions.create(chat)).choices[0].message.content, SAID);
  assert.equal(fetched, 2);
  assert.equal(provider.received[0].body, provider.received[1].body);
  provider.fail = 2;
  await assert.rejects(wrapped.chat.completions.create(chat), OpenAI.InternalServerError);
});

test("the middleware of the AI SDK", async () => {
  provider.received.length = 0;
  const middleware = headroomMiddleware();
  const model = wrapLanguageModel({ model: vercelClaude(), middleware });
  assert.equal((await generateText({ model, messages: vercel() })).text, SAID);
  assert.ok(provider.received[0].body.length < LOG.length / 3);
  assert.ok(middleware.savings.tokensSaved > 0);
});

test("settings, hooks, a proxy", async () => {
  provider.received.length = 0;
  const sent = async (options) => {
    const wrapped = withHeadroom(gpt(), options);
    await wrapped.chat.completions.create(chat);
    return JSON.parse(provider.received.at(-1).body).messages;
  };
  assert.ok(!JSON.stringify(await sent({ profile: "lossless" })).includes("<<ccr:"));
  class Hooks extends CompressionHooks {
    saved = 0;
    postCompress({ tokensSaved }) {
      this.saved += tokensSaved;
    }
  }
  const hooks = new Hooks();
  const short = await sent({ hooks });
  assert.ok(hooks.saved > 0);
  const { url: baseUrl } = await startProxy();
  assert.deepEqual(await sent({ baseUrl }), short);
  assert.deepEqual(await sent({}), short);
  assert.deepEqual(await sent({ baseUrl: "http://127.0.0.1:9", retries: 0 }), chat.messages);
  const failing = new Hooks();
  failing.preCompress = () => Promise.reject(new TypeError("mine"));
  await assert.rejects(sent({ hooks: failing }), /mine|Connection/);
  assert.throws(() => withHeadroom(gpt(), { profile: "tiny" }), ValidationError);
});

test("objects that are like a client or a model", async () => {
  const seen = [];
  const answering = { messages: { create: (request, ...rest) => seen.push([request, rest]), other: () => "o" }, name: "n" };
  const wrapped = withHeadroom(answering);
  await wrapped.messages.create(asked, { timeout: 1 });
  assert.ok(seen[0][0].messages[2].content[0].content.includes(ANSWER));
  assert.ok(seen[0][0].messages[2].content[0].content.length < LOG.length / 3);
  assert.deepEqual(seen[0][1], [{ timeout: 1 }]);
  assert.deepEqual([wrapped.name, wrapped.messages.other()], ["n", "o"]);
  const model = withHeadroom({ model: "models/gemini-2.5-pro", generateContent: (request) => seen.push(request) });
  await model.generateContent({ contents: contents.contents });
  assert.ok(JSON.stringify(seen[1]).length < LOG.length / 3);
  assert.deepEqual(Object.keys(seen[1]), ["contents"]);
  await model.generateContent("a question");
  assert.equal(seen[2], "a question");
});

test("what is no client, or one that signs what it sends", () => {
  for (const wrong of [null, undefined, {}, "client", 5, () => 1]) {
    assert.throws(() => withHeadroom(wrong), ValidationError);
  }
  class Signing extends Anthropic {
    async prepareRequest() {}
  }
  assert.throws(() => withHeadroom(new Signing({ baseURL: url, apiKey: "k" })), /signs each request/);
});
