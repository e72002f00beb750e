// What a program may do before and after a conversation is compressed.

import { detectFormat, isItem, itemsOf } from "./formats.js";
import type { NativeStep } from "./native.js";

export interface CompressContext {
  model: string;
  /** The last text of the user. */
  userQuery: string;
  /** How often user and assistant have taken turns. */
  turnNumber: number;
  /** Names of the tools that were called. */
  toolCalls: string[];
  /** The shape of the messages. */
  provider: string;
}

export interface CompressEvent {
  tokensBefore: number;
  tokensAfter: number;
  tokensSaved: number;
  compressionRatio: number;
  transformsApplied: string[];
  ccrHashes: string[];
  model: string;
  userQuery: string;
  provider: string;
}

/** The steps in the life of a request, in the order in which they come. Calls in the process have the input_ ones, the others are a
 * proxy's. */
export const CANONICAL_PIPELINE_STAGES = [
  "setup",
  "pre_start",
  "post_start",
  "input_received",
  "input_cached",
  "input_routed",
  "input_compressed",
  "input_remembered",
  "pre_send",
  "post_send",
  "response_received",
] as const;

export type PipelineStage = (typeof CANONICAL_PIPELINE_STAGES)[number];

/** One step. `metadata` has what the stage knows: tokensBefore, tokensAfter, tool, type, transform, reason, ids, ... No text of the
 * conversation is in it. */
export interface PipelineEvent {
  stage: PipelineStage;
  operation: "compress";
  requestId: string;
  provider: string;
  model: string;
  metadata: Record<string, unknown>;
}

/** Override what you need. What a hook throws is thrown by compress(). */
export class CompressionHooks {
  /** Gives the messages to compress. */
  preCompress(messages: any[], _context: CompressContext): any[] | Promise<any[]> {
    return messages;
  }

  /** Part of the public names; not called, because what the conversation asks for is kept in any case. */
  computeBiases(_messages: any[], _context: CompressContext): Record<number, number> | Promise<Record<number, number>> {
    return {};
  }

  /** Is told each step, in order, when the work is done in this process; before postCompress. */
  onPipelineEvent(_event: PipelineEvent): void | Promise<void> {}

  /** Is told the outcome. */
  postCompress(_event: CompressEvent): void | Promise<void> {}
}

/** Whether anybody listens; nobody is told otherwise, and that costs nothing. */
export function wantsSteps(hooks: Partial<CompressionHooks> | undefined): boolean {
  const listener = hooks?.onPipelineEvent;
  return typeof listener === "function" && listener !== CompressionHooks.prototype.onPipelineEvent;
}

export function eventOf({ stage, request, api, model, ...metadata }: NativeStep): PipelineEvent {
  const provider = api.split("_")[0] ?? "";
  return { stage, operation: "compress", requestId: String(request), provider, model, metadata: { api, ...metadata } };
}

function textOf(message: Record<string, unknown>): string {
  const content = message["content"] ?? message["parts"];
  if (typeof content === "string") return content;
  const texts = itemsOf(content).map((part) => part["text"]);
  return texts.filter((text) => typeof text === "string").join("\n");
}

/** The last text of the user, in any shape; "" when there is none. */
export function extractUserQuery(messages: readonly unknown[]): string {
  for (const message of itemsOf(messages).reverse()) {
    const text = message["role"] === "user" ? textOf(message) : "";
    if (text !== "") return text;
  }
  return "";
}

/** How many texts of the user there are. */
export function countTurns(messages: readonly unknown[]): number {
  return itemsOf(messages).filter((message) => message["role"] === "user" && textOf(message) !== "").length;
}

/** The names of the tools that were called, in order. */
export function extractToolCalls(messages: readonly unknown[]): string[] {
  const names: unknown[] = [];
  for (const message of itemsOf(messages)) {
    for (const call of itemsOf(message["tool_calls"])) {
      names.push(isItem(call["function"]) ? call["function"]["name"] : undefined);
    }
    if (message["type"] === "function_call") names.push(message["name"]);
    for (const part of itemsOf(message["content"])) {
      if (part["type"] === "tool_use") names.push(part["name"]);
      if (part["type"] === "tool-call") names.push(part["toolName"]);
    }
    for (const part of itemsOf(message["parts"])) {
      if (isItem(part["functionCall"])) names.push(part["functionCall"]["name"]);
    }
  }
  return names.filter((name) => typeof name === "string");
}

export function contextOf(messages: readonly unknown[], model: string): CompressContext {
  return {
    model,
    userQuery: extractUserQuery(messages),
    turnNumber: countTurns(messages),
    toolCalls: extractToolCalls(messages),
    provider: detectFormat(messages),
  };
}
