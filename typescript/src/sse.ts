// Event streams, as providers answer with.

import { HeadroomConnectionError } from "./errors.js";

/** The JSON of each event of the response, as it comes. "[DONE]" ends it; what is no JSON is left out, and so is an event that is
 * cut short. Throws HeadroomConnectionError when the connection breaks. */
export async function* parseSSE<T = any>(response: Response): AsyncGenerator<T> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let rest = "";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(broken);
      rest += done ? decoder.decode() + "\n\n" : decoder.decode(value as Uint8Array, { stream: true });
      // A carriage return at the end may be the first half of a line's end.
      const lines = (done ? rest : rest.replace(/\r$/, "")).split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? "") + (!done && rest.endsWith("\r") ? "\r" : "");
      for (const line of lines) {
        if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
        if (line !== "" || data.length === 0) continue;
        const text = data.join("\n");
        data = [];
        if (text === "[DONE]") return;
        const event = parsed<T>(text);
        if (event !== undefined) yield event;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function broken(error: unknown): never {
  throw new HeadroomConnectionError(`the stream broke off: ${String(error)}`);
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** All that a stream gives, as a list. */
export async function collectStream<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream) all.push(each);
  return all;
}
