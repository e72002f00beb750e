// A provider on this machine that answers as Anthropic, OpenAI and Google do, whole and as a stream.

import { createServer } from "node:http";
import { after } from "node:test";

export const SAID = "The disk is full.";

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5",
  content: [{ type: "text", text: SAID }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 4 },
};
const completion = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: SAID } }],
  usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 },
};
const chunk = (delta, finish_reason = null) => ({
  ...completion,
  object: "chat.completion.chunk",
  usage: undefined,
  choices: [{ index: 0, delta, finish_reason }],
});
const output = [
  {
    type: "message",
    id: "m1",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: SAID, annotations: [] }],
  },
];
const response = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  model: "gpt-5",
  output,
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 4,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 14,
  },
};
const generated = (text) => ({
  candidates: [{ index: 0, finishReason: "STOP", content: { role: "model", parts: [{ text }] } }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 4, totalTokenCount: 14 },
});

const messageEvents = [
  { type: "message_start", message: { ...message, content: [], stop_reason: null } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: SAID } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 4 } },
  { type: "message_stop" },
];
const place = { item_id: "m1", output_index: 0, content_index: 0 };
const responseEvents = [
  { type: "response.created", response: { ...response, output: [] } },
  { type: "response.output_item.added", output_index: 0, item: { ...output[0], status: "in_progress", content: [] } },
  { type: "response.content_part.added", ...place, part: { type: "output_text", text: "", annotations: [] } },
  { type: "response.output_text.delta", ...place, delta: SAID, logprobs: [] },
  { type: "response.output_item.done", output_index: 0, item: output[0] },
  { type: "response.completed", response },
].map((event, sequence_number) => ({ ...event, sequence_number }));

// By the end of the path: the whole answer, and the events of the streamed one.
const answers = [
  [/\/messages\/count_tokens$/, { input_tokens: 10 }],
  [/\/messages$/, message, messageEvents],
  [/\/chat\/completions$/, completion, [chunk({ role: "assistant", content: "The disk " }), chunk({ content: "is full." }, "stop")]],
  [/\/responses$/, response, responseEvents],
  [/:generateContent$/, generated(SAID)],
  [/:streamGenerateContent$/, undefined, [generated("The disk "), generated("is full.")]],
  [/:countTokens$/, { totalTokens: 10 }],
  [/\/embeddings$/, { object: "list", model: "e", data: [{ object: "embedding", index: 0, embedding: [0.5] }], usage: {} }],
];

/**
 * { url, received: [{ method, url, path, headers, rawHeaders, body }] }; ends with the tests. `fail`: so many requests are
 * answered with 500. `plan`: answers of the next requests, [status, headers, body].
 */
export async function startProvider() {
  const provider = { url: "", received: [], fail: 0, plan: [] };
  const server = createServer(async (request, reply) => {
    let body = "";
    for await (const part of request) body += part;
    const path = request.url.split("?")[0];
    const { method, url, headers, rawHeaders } = request;
    provider.received.push({ method, url, path, headers, rawHeaders, body });
    reply.sendDate = false;
    if (provider.plan.length > 0) {
      const [status, fields, text] = provider.plan.shift();
      reply.writeHead(status, fields).end(text);
      return;
    }
    const [, whole, events] = answers.find(([end]) => end.test(path)) ?? [];
    if (provider.fail > 0 || (whole === undefined && events === undefined)) {
      --provider.fail;
      reply.writeHead(500, { "content-type": "application/json" }).end('{"error": {"message": "no"}}');
    } else if (whole === undefined || JSON.parse(body).stream === true) {
      reply.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of events) {
        reply.write(`${event.type ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`);
      }
      reply.end(path.endsWith("/chat/completions") ? "data: [DONE]\n\n" : "");
    } else {
      reply.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole));
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  provider.url = `http://127.0.0.1:${server.address().port}`;
  return provider;
}
