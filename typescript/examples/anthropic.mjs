// Anthropic's client.

import Anthropic from "@anthropic-ai/sdk";
import { savingsOf, withHeadroom } from "headroom-ai";

import { LOG, provider, QUESTION, report } from "./sample.mjs";

const fetch = provider((text, { model }) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model,
  content: [{ type: "text", text }],
  stop_reason: "end_turn",
  usage: { input_tokens: 1, output_tokens: 1 },
}));
const client = withHeadroom(new Anthropic({ apiKey: "none", fetch }));

const message = await client.messages.create({
  model: "claude-sonnet-5",
  max_tokens: 100,
  messages: [
    { role: "user", content: QUESTION },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Bash", input: { command: "ninja" } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: LOG }] },
  ],
});
console.log(message.content[0].text);
report(savingsOf(client));
