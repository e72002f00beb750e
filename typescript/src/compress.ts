// The messages of a conversation, in this process or over HTTP.

import { HeadroomClient, type CompressReply } from "./client.js";
import { checkedBudget, checkedOptions, checkedProfile, engineOrLossless, outcomeOf, type Engine } from "./engine.js";
import { HeadroomAuthError, HeadroomCompressError, HeadroomConnectionError, ValidationError } from "./errors.js";
import { detectFormat, listName } from "./formats.js";
import { contextOf, eventOf, wantsSteps } from "./hooks.js";
import { requestBody, withChanges } from "./messages.js";
import { hasNative } from "./native.js";
import type { CompressOptions, CompressResult, ConnectionOptions } from "./types.js";

export const DEFAULT_MODEL = "claude-sonnet-4-5-20250929";

/** The client to ask; nothing when the work is done in this process. */
export function clientFor(options: ConnectionOptions & Pick<CompressOptions, "client">): CompressOptions["client"] {
  if (options.client !== undefined) return options.client;
  const asked = options.baseUrl ?? process.env["HEADROOM_BASE_URL"];
  return asked || !hasNative() ? new HeadroomClient(options) : undefined;
}

function listOf(messages: readonly unknown[]): string {
  return listName(messages, detectFormat(messages));
}

/** The messages, of which the request is `body`, as `changed` has them. */
function changedMessages<T>(messages: readonly T[], body: string, list: string, changed: unknown): T[] {
  const before = (JSON.parse(body) as Record<string, unknown>)[list];
  return [...(withChanges(messages, before, changed) as T[])];
}

/**
 * The messages of a conversation, of OpenAI's, Anthropic's, Gemini's or the Vercel AI SDK's shape, with the results of tools
 * shortened to what the conversation asks for. Your own messages are never changed. Texts of users, of the assistant and of
 * the system prompt stay as they are.
 *
 * Never fails for what is in the messages: at worst they come back as they were, and `reason` says why. Throws
 * ValidationError when `messages` is no list or an option is wrong.
 */
export async function compress<T>(
  messages: readonly T[],
  options: CompressOptions = {},
): Promise<CompressResult<T>> {
  if (!Array.isArray(messages)) throw new ValidationError("messages must be a list of messages");
  options = checkedOptions(options);
  const { hooks, model = DEFAULT_MODEL } = options;
  if (typeof model !== "string") throw new ValidationError("model must be a string");
  checkedBudget(options.tokenBudget);
  checkedProfile(options.profile);
  if (hooks === undefined) return compressed(messages, model, options);
  const context = contextOf(messages, model);
  const result = await compressed(await hooks.preCompress(messages, context), model, options);
  const { tokensBefore, tokensAfter, tokensSaved, compressionRatio, transformsApplied, ccrHashes } = result;
  const figures = { tokensBefore, tokensAfter, tokensSaved, compressionRatio, transformsApplied, ccrHashes };
  await hooks.postCompress({ ...figures, model, userQuery: context.userQuery, provider: context.provider });
  return result as CompressResult<T>;
}

async function compressed<T>(
  messages: readonly T[],
  model: string,
  options: CompressOptions,
): Promise<CompressResult<T>> {
  const { tokenBudget, profile, report } = options;
  let body: string;
  let list: string;
  const client = clientFor(options);
  try {
    list = listOf(messages);
    const config = { ...(tokenBudget !== undefined && { token_budget: tokenBudget }) };
    body = requestBody(
      client === undefined
        ? { model, [list]: messages }
        : { model, messages, ...config, ...(profile !== undefined && { config: { profile } }) },
    );
  } catch (error) {
    return unchanged(messages, `the messages cannot be written as JSON: ${String(error)}`);
  }
  if (client !== undefined) return overHttp(client, messages, body, options);
  return inProcess(await engineOrLossless(), messages, list, body, { tokenBudget, profile, report, hooks: options.hooks });
}

/** For compress() and simulate(). */
export async function compressWith<T>(
  engine: Engine,
  messages: readonly T[],
  options: CompressOptions,
): Promise<CompressResult<T>> {
  if (!Array.isArray(messages)) throw new ValidationError("messages must be a list of messages");
  options = checkedOptions(options);
  const { model = DEFAULT_MODEL } = options;
  let list: string;
  let body: string;
  try {
    list = listOf(messages);
    body = requestBody({ model, [list]: messages });
  } catch (error) {
    return unchanged(messages, `the messages cannot be written as JSON: ${String(error)}`);
  }
  const { tokenBudget, profile, report } = options;
  return inProcess(engine, messages, list, body, { tokenBudget, profile, report });
}

type EngineCall = Pick<CompressOptions, "tokenBudget" | "profile" | "report" | "hooks">;

async function inProcess<T>(
  engine: Engine,
  messages: readonly T[],
  list: string,
  body: string,
  { tokenBudget, profile, report, hooks }: EngineCall,
): Promise<CompressResult<T>> {
  const out = await engine.compressBody(body, {
    ...(tokenBudget !== undefined && { tokenBudget }),
    ...(profile !== undefined && { profile }),
    ...(report !== undefined && { report }),
    steps: wantsSteps(hooks),
  });
  for (const step of out.steps) await hooks?.onPipelineEvent(eventOf(step));
  const { budgetNote, blocks, drifts, rewrite, revisionNote } = out;
  let made = [...messages];
  if (out.changed) {
    try {
      made = changedMessages(messages, body, list, (JSON.parse(out.text) as Record<string, unknown>)[list]);
    } catch (error) {
      return unchanged(messages, `the messages cannot be read: ${String(error)}`);
    }
  }
  const rest = { budgetNote, blocks, drifts, revisionNote, ...(rewrite !== undefined && { rewrite }) };
  return { messages: made, ...outcomeOf(out), ...rest };
}

async function overHttp<T>(
  client: NonNullable<CompressOptions["client"]>,
  messages: readonly T[],
  body: string,
  options: CompressOptions,
): Promise<CompressResult<T>> {
  let reply: CompressReply;
  try {
    reply = await client.compressBody(body);
  } catch (error) {
    const down =
      error instanceof HeadroomConnectionError ||
      (error instanceof HeadroomCompressError && (error.statusCode >= 500 || error.statusCode < 400));
    if (!down || error instanceof HeadroomAuthError || options.fallback === false) throw error;
    return unchanged(messages, error.message);
  }
  const changed = reply.compression_skipped !== true;
  let made = [...messages];
  try {
    if (changed) made = changedMessages(messages, body, "messages", reply.messages);
  } catch (error) {
    return unchanged(messages, `the messages cannot be read: ${String(error)}`);
  }
  return {
    messages: made,
    tokensBefore: reply.tokens_before,
    tokensAfter: reply.tokens_after,
    tokensSaved: reply.tokens_saved,
    // The proxy rounds it.
    compressionRatio: reply.tokens_before > 0 ? reply.tokens_after / reply.tokens_before : 1,
    transformsApplied: reply.transforms_applied ?? [],
    ccrHashes: reply.ccr_hashes ?? [],
    compressed: changed,
    estimate: reply.tokens_are_estimates ?? false,
    reason: reply.skip_reason ?? "",
    budgetNote: reply.budget_note ?? "",
    blocks: [],
    drifts: [],
    revisionNote: "",
  };
}

function unchanged<T>(messages: readonly T[], reason: string): CompressResult<T> {
  const figures = { tokensBefore: 0, tokensAfter: 0, tokensSaved: 0, compressionRatio: 1, estimate: true };
  const lists = { transformsApplied: [], ccrHashes: [], blocks: [], drifts: [] };
  return { messages: [...messages], ...figures, ...lists, compressed: false, reason, budgetNote: "", revisionNote: "" };
}
