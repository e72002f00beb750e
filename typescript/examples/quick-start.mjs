// Messages before they are sent, and what was left out back again.

import { compress, retrieve } from "headroom-ai";

import { LOG, QUESTION, report } from "./sample.mjs";

const call = { name: "Bash", arguments: '{"command": "ninja"}' };
const messages = [
  { role: "user", content: QUESTION },
  { role: "assistant", content: null, tool_calls: [{ id: "t1", type: "function", function: call }] },
  { role: "tool", tool_call_id: "t1", content: LOG },
];

const result = await compress(messages, { model: "gpt-4o" });
console.log(result.messages.at(-1).content);
console.log(await retrieve(result.ccrHashes[0], { lines: "1:2" }));
report(result);
