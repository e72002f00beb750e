// OpenAI's own library over a WebSocket through the proxy: what the provider gets is the same but for the results of tools.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import OpenAI from "openai";
import { ResponsesWS } from "openai/resources/responses/ws";
import { WebSocketServer } from "ws";

import { LOG, responses, startProxy } from "./samples.mjs";

const usage = { input_tokens: 5, output_tokens: 1, total_tokens: 6 };
const messages = [];
const provider = new WebSocketServer({ port: 0, host: "127.0.0.1" });
provider.on("connection", (socket) => {
  socket.on("message", (text) => {
    messages.push(JSON.parse(text));
    const response = { id: `resp_${messages.length}`, output: [] };
    const events = [
      { type: "response.created", response: { ...response, status: "in_progress", usage: null } },
      { type: "response.completed", response: { ...response, status: "completed", usage } },
    ];
    for (const event of events) socket.send(JSON.stringify(event));
  });
});
await new Promise((open) => provider.once("listening", open));
after(() => provider.close());
const straight = `http://127.0.0.1:${provider.address().port}`;
const proxy = await startProxy("--openai-api-url", straight);

const create = (more) => ({ type: "response.create", model: "gpt-5", ...more });
const LATER = LOG.replaceAll("worker", "helper");

/** The events of two turns, of which the second one holds only what is new. */
async function talk(url) {
  messages.length = 0;
  const socket = new ResponsesWS(new OpenAI({ baseURL: `${url}/v1`, apiKey: "k" }));
  const events = [];
  await new Promise((done, failed) => {
    socket.on("error", failed);
    socket.on("event", (event) => {
      events.push(event);
      if (event.type !== "response.completed") return;
      if (messages.length === 2) return done();
      const input = [{ type: "function_call_output", call_id: "c2", output: LATER }];
      socket.send(create({ previous_response_id: event.response.id, input }));
    });
    socket.send(create({ input: responses() }));
  });
  socket.close();
  return { events, sent: [...messages] };
}

test("openai, responses over a WebSocket", { timeout: 30_000 }, async () => {
  const before = await talk(straight);
  const through = await talk(proxy.url);
  assert.deepEqual(through.events, before.events);
  for (const [turn, log] of [LOG, LATER].entries()) {
    const results = (all) => all.sent[turn].input.filter((item) => item.type === "function_call_output");
    const rest = (all) => ({ ...all.sent[turn], input: all.sent[turn].input.filter((item) => !results(all).includes(item)) });
    assert.deepEqual(rest(through), rest(before));
    assert.equal(results(before)[0].output, log);
    assert.ok(results(through)[0].output.length * 3 < log.length, `${results(through)[0].output.length} of ${log.length}`);
  }
});
