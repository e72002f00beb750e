// Messages of the Vercel AI SDK (ModelMessage[], and the prompt of a language model). Where the results of tools stand in
// them is found out here; their texts, with what was asked, make the request that the core decides on. The messages
// themselves are never turned into another shape and back: only the texts of results are put into them.

import { isItem, itemsOf } from "./formats.js";

type Item = Record<string, unknown>;

/** One text of a tool result: where it is in the request, and how a part of the message looks with another one. */
interface Slot {
  message: number;
  part: number;
  position: number;
  text: string;
  /** Which text part of the result, of several. */
  index: number | undefined;
  replace(part: Item, text: string): Item;
}

export interface VercelReading {
  messages: Item[];
  slots: Slot[];
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const texts = itemsOf(content).map((part) => (part["type"] === "text" ? part["text"] : undefined));
  return texts.filter((text) => typeof text === "string").join("\n");
}

/** As JSON; a string stays as it is. */
function written(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
}

type Found = Pick<Slot, "text" | "index" | "replace">;

function textsOf(part: Item): Found[] {
  const output = part["output"];
  const put = (text: string): Item => ({ ...(output as Item), type: "text", value: text });
  if (!isItem(output)) {
    // Versions before 5 of the SDK have `result`.
    const result = part["result"];
    if (result === undefined || part["isError"] === true) return [];
    return [{ text: written(result), index: undefined, replace: (old, text) => ({ ...old, result: text }) }];
  }
  const value = output["value"];
  if ((output["type"] === "text" && typeof value === "string") || (output["type"] === "json" && value !== undefined)) {
    return [{ text: written(value), index: undefined, replace: (old, text) => ({ ...old, output: put(text) }) }];
  }
  if (output["type"] !== "content" || !Array.isArray(value)) return [];
  const found: Found[] = [];
  value.forEach((element: unknown, at) => {
    if (!isItem(element) || element["type"] !== "text" || typeof element["text"] !== "string") return;
    const replace = (old: Item, text: string): Item => {
      const before = old["output"] as Item;
      const parts = (before["value"] as unknown[]).map((each, i) => (i === at ? { ...element, text } : each));
      return { ...old, output: { ...before, value: parts } };
    };
    found.push({ text: element["text"], index: found.length, replace });
  });
  return found;
}

/** The request's messages, and where each of its results came from. */
export function readVercel(messages: readonly unknown[]): VercelReading {
  const reading: VercelReading = { messages: [], slots: [] };
  messages.forEach((message, at) => {
    if (!isItem(message)) return;
    const role = message["role"];
    if (role === "tool") {
      readResults(message, at, reading);
    } else if (role === "assistant") {
      const calls = itemsOf(message["content"]).filter((part) => part["type"] === "tool-call");
      const tool_calls = calls.map((call) => ({
        id: call["toolCallId"],
        type: "function",
        function: { name: call["toolName"], arguments: written(call["input"] ?? call["args"] ?? {}) },
      }));
      const text = textOf(message["content"]);
      const said = { role, content: text === "" && calls.length > 0 ? null : text };
      reading.messages.push(calls.length > 0 ? { ...said, tool_calls } : said);
    } else if (role === "user" || role === "system") {
      reading.messages.push({ role, content: textOf(message["content"]) });
    }
  });
  return reading;
}

function readResults(message: Item, at: number, reading: VercelReading): void {
  if (!Array.isArray(message["content"])) return;
  message["content"].forEach((part: unknown, i) => {
    if (!isItem(part) || part["type"] !== "tool-result") return;
    const found = textsOf(part);
    if (found.length === 0) return;
    const position = reading.messages.length;
    const parts = found.map(({ text }) => ({ type: "text", text }));
    const single = found[0]?.index === undefined;
    reading.messages.push({
      role: "tool",
      tool_call_id: part["toolCallId"],
      content: single ? found[0]?.text : parts,
    });
    for (const each of found) reading.slots.push({ message: at, part: i, position, ...each });
  });
}

/** The messages with the texts that the request's results have now. */
export function writeVercel(messages: readonly unknown[], reading: VercelReading, compressed: unknown): unknown[] {
  const out = [...messages];
  if (!Array.isArray(compressed)) return out;
  for (const slot of reading.slots) {
    const content: unknown = isItem(compressed[slot.position]) ? (compressed[slot.position] as Item)["content"] : null;
    const part: unknown = slot.index === undefined ? content : itemsOf(content)[slot.index]?.["text"];
    if (typeof part !== "string" || part === slot.text) continue;
    const message = out[slot.message] as Item;
    const parts = (message["content"] as Item[]).map((old, i) => (i === slot.part ? slot.replace(old, part) : old));
    out[slot.message] = { ...message, content: parts };
  }
  return out;
}
