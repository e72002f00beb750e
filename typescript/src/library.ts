// The functions of the package beside compress().

import { HeadroomClient } from "./client.js";
import { clientFor, compress, compressWith } from "./compress.js";
import { argumentsText, checkedOptions, defaultEngine, Engine, engineOrLossless, ownText } from "./engine.js";
import { StorageError, ValidationError } from "./errors.js";
import { native } from "./native.js";
import type {
  BlockReport,
  CompressedText,
  CompressOptions,
  ConnectionOptions,
  RetrieveOptions,
  TextOptions,
} from "./types.js";

/** The original that a marker names, or a part of it. `id`: its hash, 12 digits of it, or the whole marker. Throws
 * NotFoundError when there is no such original, ValidationError for what is no id or no range. */
export async function retrieve(id: string, options: RetrieveOptions = {}): Promise<string> {
  options = checkedOptions(options);
  if (clientFor(options) === undefined) return (await defaultEngine()).retrieve(id, options);
  return (await new HeadroomClient(options).retrieve(id, options)).originalContent;
}

/** One text, such as a tool's output, shortened to what answers the question. */
export async function compressText(
  text: string | Uint8Array,
  options: TextOptions & ConnectionOptions = {},
): Promise<CompressedText> {
  options = checkedOptions(options);
  const own = ownText(text);
  if (clientFor(options) === undefined) return (await engineOrLossless()).compressText(own, options);
  const shown = typeof own === "string" ? own : new TextDecoder("utf-8", { ignoreBOM: true }).decode(own);
  const { question, tool = "tool", model = "gpt-4o" } = options;
  const args = argumentsText(options.arguments ?? {});
  const call = { id: "text", type: "function", function: { name: tool, arguments: args } };
  const messages: unknown[] = question !== undefined ? [{ role: "user", content: question }] : [];
  messages.push({ role: "assistant", content: null, tool_calls: [call] });
  messages.push({ role: "tool", tool_call_id: "text", content: shown });
  const { messages: out, ...figures } = await compress(messages, { ...options, model });
  return { text: (out.at(-1) as { content: string }).content, ...figures };
}

/** Tokens of a text for a model; exact for OpenAI's, an estimate for others. Needs the addon. */
export function countTokens(text: string, model = "gpt-4o"): number {
  const addon = native();
  if (typeof addon === "string") throw new StorageError(addon, {}, "unavailable");
  if (typeof text !== "string" || typeof model !== "string") throw new ValidationError("text and model must be strings");
  return addon.countTokens(text, model);
}

export interface SimulationResult {
  tokensBefore: number;
  tokensAfter: number;
  tokensSaved: number;
  transforms: string[];
  /** "63.1%" */
  estimatedSavings: string;
  messagesOptimized: any[];
  /** In process: what happened to each tool result. */
  blocks: BlockReport[];
  estimate: boolean;
  reason: string;
}

let simulator: Promise<Engine> | undefined;

/** What compress() would do. In process nothing is stored, so markers in the outcome lead nowhere; a proxy that is asked
 * does store. */
export async function simulate(messages: readonly unknown[], options: CompressOptions = {}): Promise<SimulationResult> {
  options = checkedOptions(options);
  const asked = clientFor(options) !== undefined;
  if (!asked) simulator ??= Engine.open({ inMemory: true });
  const result = asked
    ? await compress(messages, options)
    : await compressWith(await (simulator as Promise<Engine>), messages, { ...options, report: true });
  const { tokensBefore, tokensAfter, tokensSaved, blocks, estimate, reason } = result;
  const share = tokensBefore > 0 ? (100 * tokensSaved) / tokensBefore : 0;
  return {
    tokensBefore,
    tokensAfter,
    tokensSaved,
    transforms: result.transformsApplied,
    estimatedSavings: `${share.toFixed(1)}%`,
    messagesOptimized: result.messages,
    blocks,
    estimate,
    reason,
  };
}
