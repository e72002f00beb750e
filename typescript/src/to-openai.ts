// Messages of any shape as OpenAI's Chat Completions has them. compress() needs none of this: every shape is read as it is.

import { detectFormat, isItem, itemsOf } from "./formats.js";

type Item = Record<string, unknown>;

export interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface OpenAIMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: any;
  tool_calls?: ToolCall[];
  tool_call_id?: string;
}

/** What stands in one message: texts and images in order, calls, and results with the id of their call. */
interface Contents {
  parts: Item[];
  calls: ToolCall[];
  results: { id: string; text: string }[];
}

/**
 * The messages in OpenAI's shape, in which they are found again as they are. What it has no word for (thinking, documents) is
 * left out. Calls of Gemini's without an id get one. The messages that are given are never changed.
 */
export function toOpenAI(messages: readonly unknown[]): OpenAIMessage[] {
  const format = detectFormat(messages);
  if (format === "openai") return itemsOf(messages) as unknown as OpenAIMessage[];
  const gemini = new GeminiCalls();
  return itemsOf(messages).flatMap((message) => {
    const content = message["content"] ?? message["parts"];
    const role = message["role"] === "model" ? "assistant" : (message["role"] as OpenAIMessage["role"]);
    if (typeof content === "string") return [{ role, content }];
    const contents: Contents = { parts: [], calls: [], results: [] };
    for (const part of itemsOf(content)) {
      if (format === "gemini") readGemini(part, contents, gemini);
      else readPart(part, contents);
    }
    return written(role, contents);
  });
}

/** The results of tools are messages of their own, and stand before what the user says to them. */
function written(role: OpenAIMessage["role"], { parts, calls, results }: Contents): OpenAIMessage[] {
  const messages: OpenAIMessage[] = results.map(({ id, text }) => ({ role: "tool", content: text, tool_call_id: id }));
  const plain = parts.every((part) => part["type"] === "text");
  const text = parts.map((part) => part["text"]).join("\n");
  if (calls.length > 0) {
    messages.push({ role, content: parts.length === 0 ? null : plain ? text : parts, tool_calls: calls });
  } else if (parts.length > 0 || results.length === 0) {
    messages.push({ role, content: plain ? text : parts });
  }
  return messages;
}

function readPart(part: Item, into: Contents): void {
  switch (part["type"]) {
    case "text":
      into.parts.push({ type: "text", text: part["text"] });
      break;
    case "image":
    case "file":
      image(part, into);
      break;
    case "tool_use":
      into.calls.push(toolCall(part["id"], part["name"], part["input"]));
      break;
    case "tool-call":
      into.calls.push(toolCall(part["toolCallId"], part["toolName"], part["input"] ?? part["args"]));
      break;
    case "tool_result":
      into.results.push({ id: String(part["tool_use_id"]), text: resultText(part["content"]) });
      break;
    case "tool-result": {
      const output = part["output"];
      const value = isItem(output) && "value" in output ? output["value"] : (output ?? part["result"]);
      into.results.push({ id: String(part["toolCallId"]), text: resultText(value) });
    }
  }
}

function image(part: Item, into: Contents): void {
  const source = isItem(part["source"]) ? part["source"] : part;
  const held = source["url"] ?? source["image"] ?? source["data"];
  if (typeof held !== "string" && !(held instanceof URL)) return;
  const kind = source["media_type"] ?? source["mediaType"];
  const address = /^[a-z]+:/.test(String(held));
  if (part["type"] === "file" && !String(kind).startsWith("image/")) return;
  const url = address ? String(held) : `data:${typeof kind === "string" ? kind : "image/png"};base64,${String(held)}`;
  into.parts.push({ type: "image_url", image_url: { url } });
}

function readGemini(part: Item, into: Contents, known: GeminiCalls): void {
  const { text, inlineData, functionCall, functionResponse } = part as Record<string, any>;
  if (typeof text === "string" && part["thought"] !== true) into.parts.push({ type: "text", text });
  if (isItem(inlineData)) {
    const url = `data:${String(inlineData["mimeType"])};base64,${String(inlineData["data"])}`;
    into.parts.push({ type: "image_url", image_url: { url } });
  }
  if (isItem(functionCall)) {
    into.calls.push(toolCall(known.called(functionCall), functionCall["name"], functionCall["args"]));
  }
  if (isItem(functionResponse)) {
    into.results.push({ id: known.answered(functionResponse), text: resultText(functionResponse["response"]) });
  }
}

/** Gemini's results need not say which call they answer: it is the first of the name that has no answer. */
class GeminiCalls {
  private count = 0;
  private readonly open = new Map<string, string[]>();

  called(call: Item): string {
    const name = String(call["name"]);
    const id = typeof call["id"] === "string" ? call["id"] : `call_${++this.count}`;
    this.open.set(name, [...(this.open.get(name) ?? []), id]);
    return id;
  }

  answered(response: Item): string {
    const waiting = this.open.get(String(response["name"]));
    const first = waiting?.shift();
    return typeof response["id"] === "string" ? response["id"] : (first ?? `call_${++this.count}`);
  }
}

function toolCall(id: unknown, name: unknown, input: unknown): ToolCall {
  const written = typeof input === "string" ? input : JSON.stringify(input ?? {});
  return { id: String(id), type: "function", function: { name: String(name), arguments: written } };
}

/** A result as text: what it says, or its JSON. */
function resultText(value: unknown): string {
  if (typeof value === "string") return value;
  const parts = itemsOf(value);
  const texts = parts.map((part) => part["text"]).filter((text) => typeof text === "string");
  if (parts.length > 0 && texts.length === parts.length) return texts.join("\n");
  return value === undefined ? "" : JSON.stringify(value);
}
