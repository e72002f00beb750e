// Agents of one program that hand findings to each other, and hooks that are told what is done.

import { compressText, CompressionHooks, compress, SharedContext } from "headroom-ai";

import { LOG, QUESTION, report } from "./sample.mjs";

const shared = new SharedContext({ ttl: 600 });
const entry = await shared.put("build", LOG, { agent: "builder" });
console.log(`${entry.agent} says: ${shared.get("build").split("\n").at(-2)}`);

class Listener extends CompressionHooks {
  onPipelineEvent({ stage, metadata }) {
    if (stage === "input_routed") console.log(`${stage}: ${metadata.type}, ${metadata.transform}`);
  }
}
const messages = [
  { role: "user", content: QUESTION },
  { role: "tool", tool_call_id: "t1", content: LOG.replaceAll("part", "unit") },
];
await compress(messages, { model: "gpt-4o", hooks: new Listener() });

report(await compressText(LOG, { question: QUESTION }));
