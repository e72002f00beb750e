// The Vercel AI SDK: a tool that runs in a loop, and a model that is asked for less.

import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, stepCountIs, tool, wrapLanguageModel } from "ai";
import { headroomMiddleware } from "headroom-ai";

import { LOG, provider, QUESTION, report } from "./sample.mjs";

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const call = { id: "t1", type: "function", function: { name: "build", arguments: "{}" } };
const fetch = provider((text, { model, messages }) => {
  const asked = messages.some((message) => message.role === "tool");
  const message = asked ? { role: "assistant", content: text } : { role: "assistant", content: null, tool_calls: [call] };
  return { id: "c1", created: 1, model, choices: [{ index: 0, message, finish_reason: asked ? "stop" : "tool_calls" }], usage };
});

const middleware = headroomMiddleware();
const model = wrapLanguageModel({ model: createOpenAI({ apiKey: "none", fetch }).chat("gpt-4o"), middleware });
const build = tool({ description: "Builds.", inputSchema: jsonSchema({ type: "object" }), execute: async () => LOG });

const { text } = await generateText({ model, prompt: QUESTION, tools: { build }, stopWhen: stepCountIs(3) });
console.log(text);
report(middleware.savings);
