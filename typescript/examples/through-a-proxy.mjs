// A proxy that runs elsewhere: HEADROOM_BASE_URL says where (headroom proxy --port 8787).

import { HeadroomClient } from "headroom-ai";

import { LOG, QUESTION, report } from "./sample.mjs";

const client = new HeadroomClient({ fallback: false });
console.log((await client.validateSetup()).valid ? `a proxy at ${client.baseUrl}` : "no proxy");

const messages = [
  { role: "user", content: QUESTION },
  { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Bash", input: { command: "ninja" } }] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: LOG }] },
];
const result = await client.compress(messages, { model: "gpt-4o" });
const { originalContent } = await client.retrieve(result.ccrHashes[0], { query: "sync_range" });
console.log(originalContent);
report(result);
