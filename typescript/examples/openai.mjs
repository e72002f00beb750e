// OpenAI's client: Chat Completions and Responses.

import { savingsOf, withHeadroom } from "headroom-ai";
import OpenAI from "openai";

import { LOG, provider, QUESTION, report } from "./sample.mjs";

const fetch = provider((text, { model, input }) =>
  input === undefined
    ? { object: "chat.completion", model, choices: [{ index: 0, message: { role: "assistant", content: text } }] }
    : { object: "response", model, output: [{ type: "message", content: [{ type: "output_text", text }] }] },
);
const client = withHeadroom(new OpenAI({ apiKey: "none", fetch }));

const call = { name: "Bash", arguments: '{"command": "ninja"}' };
const completion = await client.chat.completions.create({
  model: "gpt-4o",
  messages: [
    { role: "user", content: QUESTION },
    { role: "assistant", content: null, tool_calls: [{ id: "t1", type: "function", function: call }] },
    { role: "tool", tool_call_id: "t1", content: LOG },
  ],
});
console.log(completion.choices[0].message.content);

const response = await client.responses.create({
  model: "gpt-4o",
  input: [
    { role: "user", content: QUESTION },
    { type: "function_call", call_id: "t1", ...call },
    { type: "function_call_output", call_id: "t1", output: LOG },
  ],
});
console.log(response.output_text);
report(savingsOf(client));
