// Compiled, not run: what the types promise to a program.

import { compress, type CompressResult, type HeadroomError, retrieve, SharedContext } from "headroom-ai";

interface Message {
  role: "user" | "tool";
  content: string;
}

const messages: readonly Message[] = [];
export const result: CompressResult<Message> = await compress(messages, { model: "gpt-4o", tokenBudget: 9 });
export const content: string | undefined = result.messages[0]?.content;
export const original: string = await retrieve("0123456789ab", { lines: [1, 2] });
export const entry: string | null = new SharedContext({ ttl: 1 }).get("key", { full: true });
export const codeOf = (error: HeadroomError): string => error.code;

// @ts-expect-error: no such profile
await compress(messages, { profile: "none" });
// @ts-expect-error: no list
await compress("text");
