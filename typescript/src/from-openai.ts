// Messages of OpenAI's Chat Completions in the shape of another.

import { ValidationError } from "./errors.js";
import { isItem, itemsOf, type MessageFormat } from "./formats.js";
import type { OpenAIMessage, ToolCall } from "./to-openai.js";

type Item = Record<string, unknown>;

/** How one shape says things. */
interface Shape {
  text(text: string): Item;
  /** A data: or another address. */
  image(url: string): Item;
  call(call: ToolCall, input: unknown): Item;
  result(id: string, name: string, text: string): Item;
  message(role: string, parts: Item[]): Item;
  /** Who gives the results of tools. */
  results: string;
}

const asked = (url: string): RegExpExecArray | null => /^data:([^;,]*);base64,(.*)$/s.exec(url);

const ANTHROPIC: Shape = {
  text: (text) => ({ type: "text", text }),
  image: (url) => {
    const [, media_type, data] = asked(url) ?? [];
    const source = data === undefined ? { type: "url", url } : { type: "base64", media_type, data };
    return { type: "image", source };
  },
  call: (call, input) => ({ type: "tool_use", id: call.id, name: call.function.name, input }),
  result: (id, _name, text) => ({ type: "tool_result", tool_use_id: id, content: text }),
  // Instructions are no message there; as one, the user gives them.
  message: (role, content) => ({ role: role === "assistant" ? role : "user", content }),
  results: "user",
};

const VERCEL: Shape = {
  text: (text) => ({ type: "text", text }),
  image: (url) => ({ type: "image", image: url }),
  call: (call, input) => ({
    type: "tool-call",
    toolCallId: call.id,
    toolName: call.function.name,
    input,
  }),
  result: (id, name, text) => {
    const value = parsed(text);
    const output = isItem(value) || Array.isArray(value) ? { type: "json", value } : { type: "text", value: text };
    return { type: "tool-result", toolCallId: id, toolName: name, output };
  },
  message: (role, content) => {
    if (role !== "system" && role !== "developer") return { role, content };
    return { role: "system", content: content.map((part) => part["text"]).join("\n") };
  },
  results: "tool",
};

const GEMINI: Shape = {
  text: (text) => ({ text }),
  image: (url) => {
    const [, mimeType, data] = asked(url) ?? [];
    return data === undefined ? { fileData: { fileUri: url } } : { inlineData: { mimeType, data } };
  },
  call: (call, args) => ({ functionCall: { id: call.id, name: call.function.name, args } }),
  result: (id, name, text) => {
    const value = parsed(text);
    return { functionResponse: { id, name, response: isItem(value) ? value : { output: text } } };
  },
  message: (role, parts) => ({ role: role === "assistant" ? "model" : "user", parts }),
  results: "user",
};

const SHAPES: Record<Exclude<MessageFormat, "openai">, Shape> = {
  anthropic: ANTHROPIC,
  vercel: VERCEL,
  gemini: GEMINI,
};

/**
 * Messages of OpenAI's shape in another one. Results of one turn stand in one message, as these shapes want it. Throws
 * ValidationError for a shape that is none.
 */
export function fromOpenAI(messages: readonly unknown[], targetFormat: MessageFormat): any[] {
  if (targetFormat === "openai") return itemsOf(messages);
  const shape = Object.hasOwn(SHAPES, targetFormat) ? SHAPES[targetFormat] : undefined;
  if (shape === undefined) throw new ValidationError(`no shape of messages ${JSON.stringify(targetFormat)}`);
  const names = new Map<string, string>();
  const made: Item[] = [];
  let results: Item[] | undefined;
  for (const message of itemsOf(messages) as unknown as OpenAIMessage[]) {
    if (message.role === "tool") {
      const id = String(message.tool_call_id);
      const part = shape.result(id, names.get(id) ?? "unknown", textOf(message.content));
      if (results === undefined) made.push(shape.message(shape.results, (results = [])));
      results.push(part);
      continue;
    }
    results = undefined;
    const calls = itemsOf(message.tool_calls) as unknown as ToolCall[];
    for (const call of calls) names.set(call.id, call.function.name);
    const parts = partsOf(message.content, shape);
    parts.push(...calls.map((call) => shape.call(call, parsed(call.function.arguments) ?? {})));
    made.push(shape.message(message.role, parts));
  }
  return made;
}

function partsOf(content: unknown, shape: Shape): Item[] {
  if (typeof content === "string") return content === "" ? [] : [shape.text(content)];
  return itemsOf(content).flatMap((part) => {
    if (typeof part["text"] === "string") return [shape.text(part["text"])];
    const { image_url: held } = part;
    const url = isItem(held) ? held["url"] : held;
    return typeof url === "string" ? [shape.image(url)] : [];
  });
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return itemsOf(content)
    .map((part) => part["text"])
    .filter((text) => typeof text === "string")
    .join("\n");
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
