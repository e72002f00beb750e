// The providers' own libraries and the AI SDK, once straight to a provider on this machine and once through the proxy: what
// the provider gets is the same but for the result of the tool, and what the library gives its caller is the same.

import assert from "node:assert/strict";
import { test } from "node:test";

import Anthropic from "@anthropic-ai/sdk";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { GoogleGenAI } from "@google/genai";
import { generateText, jsonSchema, streamText, tool } from "ai";
import OpenAI, { AzureOpenAI, toFile } from "openai";

import { startProvider } from "./provider.mjs";
import { ANSWER, anthropic, gemini, LOG, openai, responses, startProxy, vercel } from "./samples.mjs";

const provider = await startProvider();
const flags = ["anthropic", "openai", "gemini"].flatMap((name) => [`--${name}-api-url`, provider.url]);
// The tool that the proxy offers is not what is looked at here, nor the plain answers that it needs.
const proxy = await startProxy(...flags, "--ccr-tool-injection", "off");

const claude = (url, maxRetries = 0) => new Anthropic({ baseURL: url, apiKey: "k", maxRetries });
const gpt = (url, maxRetries = 0) => new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries });
const azure = (url) =>
  new AzureOpenAI({ endpoint: url, apiKey: "k", apiVersion: "2025-01-01", deployment: "gpt-4o", maxRetries: 0 });
const google = (url) => new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url } });

const asked = { model: "claude-sonnet-4-6", max_tokens: 9, messages: anthropic() };
const chat = { model: "gpt-4o", messages: openai(), temperature: 0.1 };
const contents = { model: "gemini-2.5-pro", contents: gemini() };
const schema = { type: "object", properties: { command: { type: "string" } } };
const bash = { name: "Bash", description: "Runs a command", input_schema: schema };
const chatBash = { type: "function", function: { name: "Bash", parameters: schema } };
const tools = { Bash: tool({ description: "Runs a command", inputSchema: jsonSchema(schema) }) };
const settings = { messages: vercel(), tools, maxRetries: 0 };

async function all(stream) {
  const items = [];
  for await (const item of stream) items.push(JSON.parse(JSON.stringify(item)));
  return items;
}
const plain = (value) => JSON.parse(JSON.stringify(value));

// Name: [what is asked of the provider at a URL, whether there is something to compress].
const calls = {
  "anthropic, create": [(url) => claude(url).messages.create({ ...asked, tools: [bash], tool_choice: { type: "auto" } }), true],
  "anthropic, events": [async (url) => all(await claude(url).messages.create({ ...asked, stream: true })), true],
  "anthropic, stream": [async (url) => claude(url).messages.stream({ ...asked, tools: [bash] }).finalMessage(), true],
  "anthropic, beta": [(url) => claude(url).beta.messages.create({ ...asked, betas: ["context-1m-2025-08-07"] }), true],
  "anthropic, count": [(url) => claude(url).messages.countTokens({ model: asked.model, messages: asked.messages }), true],
  "anthropic, nothing to compress": [
    (url) => claude(url).messages.create({ ...asked, messages: [{ role: "user", content: "hé \u2028 <<1>>" }] }),
    false,
  ],
  "openai, create": [(url) => gpt(url).chat.completions.create({ ...chat, tools: [chatBash] }), true],
  "openai, events": [async (url) => all(await gpt(url).chat.completions.create({ ...chat, stream: true })), true],
  "openai, responses": [(url) => gpt(url).responses.create({ model: "gpt-5", input: responses(), instructions: "Be brief." }), true],
  "openai, responses, events": [
    async (url) => all(await gpt(url).responses.create({ model: "gpt-5", input: responses(), stream: true })),
    true,
  ],
  "openai, embeddings": [(url) => gpt(url).embeddings.create({ model: "e", input: LOG, encoding_format: "float" }), false],
  "azure": [(url) => azure(url).chat.completions.create(chat), true],
  "google, generate": [
    async (url) => plain((await google(url).models.generateContent(contents)).candidates),
    true,
  ],
  "google, stream": [
    async (url) => (await all(await google(url).models.generateContentStream(contents))).map((each) => each.candidates),
    true,
  ],
  "google, count": [async (url) => (await google(url).models.countTokens(contents)).totalTokens, true],
};
const models = {
  "ai, openai": (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: "k" }).chat("gpt-4o"),
  "ai, responses": (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: "k" }).responses("gpt-5"),
  "ai, anthropic": (url) => createAnthropic({ baseURL: `${url}/v1`, apiKey: "k" })("claude-sonnet-4-6"),
};
for (const [name, model] of Object.entries(models)) {
  const told = async ({ text, finishReason, usage }) => plain([await text, await finishReason, await usage]);
  calls[`${name}, generate`] = [async (url) => told(await generateText({ model: model(url), ...settings })), true];
  calls[`${name}, stream`] = [
    async (url) => {
      const result = streamText({ model: model(url), ...settings });
      return [await all(result.textStream), await told(result)];
    },
    true,
  ];
}

// Of the connection, or of the length of the body: their values may differ, their places may not.
const ofTheWay = new Set(["host", "content-length"]);
const ofTheHop = (name) => name === "connection" || name === "keep-alive";
/** [[name, value]...] as they were sent, in order and spelling. Connection ends at each hop. */
function headersOf({ rawHeaders }) {
  const pairs = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name, value] = rawHeaders.slice(i, i + 2);
    if (name.toLowerCase() !== "connection") pairs.push([name, ofTheWay.has(name.toLowerCase()) ? "" : value]);
  }
  return pairs;
}

/** Where two JSON values differ, as [place, before, after]. */
function differences(before, after, where = "") {
  if (before === null || after === null || typeof before !== "object" || typeof after !== "object") {
    return before === after ? [] : [[where, before, after]];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], `${where}.${key}`));
}

function compare(straight, through, compressed) {
  assert.equal(through.method, straight.method);
  assert.equal(through.url, straight.url);
  assert.deepEqual(headersOf(through), headersOf(straight));
  if (!compressed) return assert.equal(through.body, straight.body);
  const found = differences(JSON.parse(straight.body), JSON.parse(through.body));
  assert.equal(found.length, 1, JSON.stringify(found.map(([place]) => place)));
  const [, before, after] = found[0];
  assert.equal(before, LOG);
  assert.ok(after.length < LOG.length / 3 && after.includes(ANSWER), after);
  // Nothing else of the text of the body changed, spaces and escapes included.
  const text = (body, result) => body.replace(JSON.stringify(result).slice(1, -1), "");
  assert.equal(text(through.body, after), text(straight.body, before));
}

for (const [name, [call, compressed]] of Object.entries(calls)) {
  test(`${name}: sent and answered as without the proxy`, async () => {
    provider.received.length = 0;
    const straight = plain(await call(provider.url));
    assert.deepEqual(plain(await call(proxy.url)), straight);
    assert.equal(provider.received.length, 2);
    compare(...provider.received, compressed);
  });
}

/** What a library throws, as far as its callers look at it. */
async function thrown(call) {
  try {
    await call();
  } catch (error) {
    const headers = error.headers instanceof Headers ? Object.fromEntries(error.headers) : undefined;
    for (const key of Object.keys(headers ?? {})) if (key.startsWith("x-headroom-") || ofTheHop(key)) delete headers[key];
    return plain({ name: error.name, status: error.status, message: error.message, type: error.type, requestID: error.requestID, headers });
  }
  assert.fail("nothing was thrown");
}

const kind = { "content-type": "application/json", "request-id": "req_1", "x-request-id": "req_1" };
const failure = JSON.stringify({ type: "error", error: { type: "invalid_request_error", message: "no such model", code: 404 } });
const failing = {
  "anthropic": (url) => claude(url).messages.create(asked),
  "anthropic, stream": (url) => claude(url).messages.stream(asked).finalMessage(),
  "openai": (url) => gpt(url).chat.completions.create(chat),
  "openai, responses": (url) => gpt(url).responses.create({ model: "gpt-5", input: responses() }),
  "google": (url) => google(url).models.generateContent(contents),
  "ai": (url) => generateText({ model: models["ai, anthropic"](url), ...settings }),
};
for (const [name, call] of Object.entries(failing)) {
  for (const status of [400, 404, 429, 529]) {
    test(`${name}: ${status} is thrown as without the proxy`, async () => {
      const answer = [status, { ...kind, "retry-after": "7", "x-should-retry": "false", "anthropic-ratelimit-tokens-remaining": "0" }, failure];
      const both = [];
      for (const url of [provider.url, proxy.url]) {
        provider.plan = [answer];
        both.push(await thrown(() => call(url)));
      }
      assert.deepEqual(both[1], both[0]);
      if (name !== "ai") assert.equal(both[0].status, status);
    });
  }
}

test("an error in the middle of a stream is the caller's", async () => {
  const start = { type: "message_start", message: { id: "m", type: "message", role: "assistant", content: [], model: "c", usage: { input_tokens: 1, output_tokens: 1 } } };
  const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  const text = [start, error].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  const both = [];
  for (const url of [provider.url, proxy.url]) {
    provider.plan = [[200, { ...kind, "content-type": "text/event-stream" }, text]];
    both.push(await thrown(async () => all(await claude(url).messages.create({ ...asked, stream: true }))));
  }
  assert.deepEqual(both[1], both[0]);
  assert.match(both[0].message, /Overloaded/);
});

const retrying = {
  "anthropic": [(url) => claude(url, 2).messages.create(asked), 429],
  "anthropic, stream": [async (url) => all(await claude(url, 2).messages.create({ ...asked, stream: true })), 529],
  "openai": [(url) => gpt(url, 2).chat.completions.create(chat), 503],
  "openai, responses": [(url) => gpt(url, 2).responses.create({ model: "gpt-5", input: responses() }), 500],
  "ai": [async (url) => (await generateText({ model: models["ai, openai"](url), ...settings, maxRetries: 2 })).text, 429],
};
for (const [name, [call, status]] of Object.entries(retrying)) {
  test(`${name}: ${status} is tried again when and as without the proxy`, async () => {
    provider.received.length = 0;
    const both = [];
    for (const url of [provider.url, proxy.url]) {
      const again = [status, { ...kind, "retry-after-ms": "5", "retry-after": "1" }, failure];
      provider.plan = [again, again];
      both.push(plain(await call(url)));
    }
    assert.deepEqual(both[1], both[0]);
    assert.equal(provider.received.length, 6);
    for (let i = 0; i < 3; ++i) compare(provider.received[i], provider.received[i + 3], true);
  });
}

test("headers of an answer are the provider's, and ours behind them", async () => {
  const given = { ...kind, "anthropic-ratelimit-unified-status": "allowed", "X-Odd": "a, b", "set-cookie": ["a=1", "b=2"] };
  const both = [];
  for (const url of [provider.url, proxy.url]) {
    provider.plan = [[200, given, JSON.stringify({ id: "m", type: "message", content: [], usage: { input_tokens: 1, output_tokens: 1 } })]];
    const { response } = await claude(url).messages.create(asked).withResponse();
    both.push([...response.headers].filter(([name]) => !ofTheHop(name)));
  }
  const ours = both[1].filter(([name]) => name.startsWith("x-headroom-"));
  assert.ok(ours.some(([name]) => name === "x-headroom-tokens-saved"));
  assert.deepEqual(both[1].filter((pair) => !ours.includes(pair)), both[0]);
});

test("a file that is no batch is relayed as it is", async () => {
  provider.received.length = 0;
  const both = [];
  for (const url of [provider.url, proxy.url]) {
    provider.plan = [[200, kind, JSON.stringify({ id: "file-1", object: "file", bytes: LOG.length })]];
    both.push(await gpt(url).files.create({ file: await toFile(Buffer.from(LOG), "a.log"), purpose: "assistants" }));
  }
  assert.deepEqual(plain(both[1]), plain(both[0]));
  const [straight, through] = provider.received.map(({ body, headers }) => {
    const boundary = /boundary=(.*)/.exec(headers["content-type"])[1];
    return body.replaceAll(boundary, "BOUNDARY");
  });
  assert.ok(through.includes(LOG));
  assert.equal(through, straight);
});
