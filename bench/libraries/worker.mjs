// The same as worker.py for a TypeScript package, whose folder is the first argument.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { compress } = createRequire(import.meta.url)(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const messages = JSON.parse(line);
  const begin = performance.now();
  const { tokensBefore, tokensAfter } = await compress(messages, { model: "gpt-4o" });
  const ms = performance.now() - begin;
  process.stdout.write(JSON.stringify({ ms, before: tokensBefore, after: tokensAfter }) + "\n");
}
