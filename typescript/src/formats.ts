// Which shape messages have.

export type MessageFormat = "openai" | "anthropic" | "vercel" | "gemini";
type Item = Record<string, unknown>;

export function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The elements of a list that are objects; of anything else, none. */
export function itemsOf(value: unknown): Item[] {
  return Array.isArray(value) ? value.filter(isItem) : [];
}

function formatOf(message: Item): MessageFormat | undefined {
  // A UIMessage of the AI SDK has parts, too, each with its type.
  if (Array.isArray(message["parts"])) {
    return itemsOf(message["parts"]).some((part) => typeof part["type"] === "string") ? "vercel" : "gemini";
  }
  if (message["role"] === "model") return "gemini";
  if (Array.isArray(message["tool_calls"]) || typeof message["tool_call_id"] === "string") return "openai";
  if (typeof message["type"] === "string" && /_call(_output)?$/.test(message["type"])) return "openai";
  for (const part of itemsOf(message["content"])) {
    switch (part["type"]) {
      case "tool-call":
      case "tool-result":
      case "reasoning":
        return "vercel";
      case "tool_use":
      case "tool_result":
        return "anthropic";
      case "image":
        if (isItem(part["source"])) return "anthropic";
    }
  }
  return undefined;
}

/** The shape of a conversation; "openai" when it would be the same in several. */
export function detectFormat(messages: readonly unknown[]): MessageFormat {
  for (const message of itemsOf(messages)) {
    const format = formatOf(message);
    if (format !== undefined) return format;
  }
  return "openai";
}

/** What a request calls the list of its messages. */
export function listName(messages: readonly unknown[], format: MessageFormat): "messages" | "contents" | "input" {
  if (format === "gemini") return "contents";
  const responses = itemsOf(messages).some((item) => typeof item["type"] === "string" && item["role"] === undefined);
  return responses ? "input" : "messages";
}
