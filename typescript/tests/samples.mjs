// Conversations that the tests share, in each shape, a store of their own, and the proxy.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

export const QUESTION = "Why did the build fail?";
export const ANSWER = "src/wal.cc:41:7: error: no member named 'sync_range' in 'Writer'";
export const LOG =
  Array.from({ length: 400 }, (_, i) => `[${i + 1}/400] Building CXX object src/part${i}.cc.o\n`).join("") +
  `FAILED: src/wal.cc.o\n${ANSWER}\n`;
const INPUT = { command: "ninja" };

/** Originals go into a folder that is gone after the tests. */
export function ownStore() {
  const folder = mkdtempSync(join(tmpdir(), "headroom-ts-"));
  process.env.HEADROOM_WORKSPACE_DIR = folder;
  delete process.env.HEADROOM_BASE_URL;
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const openai = (text = LOG) => [
  { role: "user", content: QUESTION },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "t1", type: "function", function: { name: "Bash", arguments: JSON.stringify(INPUT) } }],
  },
  { role: "tool", tool_call_id: "t1", content: text },
];

export const anthropic = (text = LOG) => [
  { role: "user", content: QUESTION },
  { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Bash", input: INPUT }] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: text }] },
];

export const gemini = (text = LOG) => [
  { role: "user", parts: [{ text: QUESTION }] },
  { role: "model", parts: [{ functionCall: { name: "Bash", args: INPUT } }] },
  { role: "user", parts: [{ functionResponse: { name: "Bash", response: { output: text } } }] },
];

export const responses = (text = LOG) => [
  { role: "user", content: QUESTION },
  { type: "function_call", call_id: "t1", name: "Bash", arguments: JSON.stringify(INPUT) },
  { type: "function_call_output", call_id: "t1", output: text },
];

export const vercel = (output = { type: "text", value: LOG }) => [
  { role: "user", content: [{ type: "text", text: QUESTION }] },
  { role: "assistant", content: [{ type: "tool-call", toolCallId: "t1", toolName: "Bash", input: INPUT }] },
  { role: "tool", content: [{ type: "tool-result", toolCallId: "t1", toolName: "Bash", output }] },
];

/** The text of the result in the last message of a conversation of any shape. */
export function resultOf(messages) {
  const last = messages.at(-1);
  if (last.output !== undefined) return last.output;
  if (last.parts) return last.parts[0].functionResponse.response.output;
  if (typeof last.content === "string") return last.content;
  const [part] = last.content;
  return part.output ? part.output.value : part.content;
}

/** A proxy of its own, as { url }; ends with the tests. */
export async function startProxy(...flags) {
  const home = mkdtempSync(join(tmpdir(), "headroom-proxy-"));
  const program = process.env.HEADROOM_PROGRAM;
  const child = spawn(program, ["proxy", "--port", "0", "--workspace-dir", home, ...flags], {
    env: { PATH: process.env.PATH, HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  after(async () => {
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await gone;
    rmSync(home, { recursive: true, force: true });
  });
  let said = "";
  const url = await new Promise((found, failed) => {
    const read = (data) => {
      said += data;
      const match = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said);
      if (match) found(match[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => failed(new Error(`the proxy ended: ${said}`)));
  });
  return { url };
}
