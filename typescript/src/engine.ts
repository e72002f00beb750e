// Compression in this process.

import { nativeError, StorageError, ValidationError } from "./errors.js";
import { requestBody } from "./messages.js";
import { native, type Native, type NativeCompressed, type NativeEngine } from "./native.js";
import type { CompressedText, PartOptions, Profile, Range, TextOptions } from "./types.js";

export interface EngineOptions {
  /** Folder of the store; when not given $HEADROOM_WORKSPACE_DIR, else ~/.headroom. */
  workspaceDir?: string;
  /** Originals live as long as the engine. */
  inMemory?: boolean;
  /** The key of an encrypted store (64 hex digits); when not given $HEADROOM_STORE_KEY_FILE, else it is not encrypted. */
  storeKeyFile?: string;
  profile?: Profile;
  /** {"Bash": "aggressive", "mcp__db__*": "lossless"}; the first that fits. */
  toolProfiles?: Record<string, Profile>;
  /** Tool results of fewer tokens are left as they are; 200 when not given. */
  minTokens?: number;
  /** Aim per tool result, in tokens; 0: as the content allows. */
  targetTokens?: number;
  /** Ask learned models that are installed; true when not given. */
  learned?: boolean;
}

const PROFILES = ["lossless", "balanced", "aggressive"];

export function checkedProfile(profile: string | undefined): string {
  if (profile === undefined || PROFILES.includes(profile)) return profile ?? "";
  throw new ValidationError(`profile must be one of ${PROFILES.join(", ")}`);
}

export function checkedBudget(budget: number | undefined): number {
  if (budget === undefined || (Number.isSafeInteger(budget) && budget >= 0)) return budget ?? 0;
  throw new ValidationError("tokenBudget must be a whole number of tokens");
}

/** The options of a call; null and undefined are none. */
export function checkedOptions<T extends object>(options: T | null | undefined): Partial<T> {
  if (typeof options === "object" || options === undefined) return options ?? {};
  throw new ValidationError("options must be an object");
}

/** Bytes that are the caller's own no more, so that he may go on with his. */
export function ownText(text: string | Uint8Array): string | Uint8Array {
  if (typeof text === "string") return text;
  if (!ArrayBuffer.isView(text)) throw new ValidationError("text must be a string or bytes");
  try {
    return Buffer.from(new Uint8Array(text.buffer, text.byteOffset, text.byteLength));
  } catch (error) {
    throw new ValidationError(`the bytes cannot be read: ${String(error)}`);
  }
}

/** What a tool was called with, as the core reads it. */
export function argumentsText(args: string | object | undefined): string {
  if (typeof args === "string") return args;
  try {
    return args === undefined ? "" : (requestBody(args as Record<string, unknown>) ?? "");
  } catch (error) {
    throw new ValidationError(`arguments cannot be written as JSON: ${String(error)}`);
  }
}

export function rangeText(range: Range | undefined): string {
  if (range === undefined) return "";
  return typeof range === "object" ? range.join(":") : String(range);
}

/** The digits of an id, or of a whole marker. */
export function hashOf(id: string): string {
  if (typeof id !== "string") throw new ValidationError("the id of an original must be a string");
  return /<<ccr:([0-9a-f]+)/.exec(id)?.[1] ?? id.trim();
}

/** Compresses, and keeps the originals of what it shortened. Any number of calls may be under way. What comes out depends
 * on what goes in and on the settings alone. */
export class Engine {
  private constructor(
    private readonly addon: Native,
    private readonly engine: NativeEngine,
  ) {}

  /** Throws StorageError when the store cannot be opened or there is no addon, ValidationError for a wrong setting. */
  static async open(options: EngineOptions = {}): Promise<Engine> {
    const addon = native();
    if (typeof addon === "string") throw new StorageError(addon, {}, "unavailable");
    const { workspaceDir, inMemory, storeKeyFile, profile: level, toolProfiles, minTokens, targetTokens, learned } =
      checkedOptions(options);
    const tools = Object.entries(toolProfiles ?? {}).map(([glob, profile]) => `${glob}=${profile}`);
    try {
      const engine = await addon.open(
        workspaceDir ?? "",
        inMemory ?? false,
        level ?? "balanced",
        tools,
        minTokens ?? 200,
        targetTokens ?? 0,
        learned ?? true,
        storeKeyFile ?? "",
      );
      return new Engine(addon, engine);
    } catch (error) {
      throw nativeError(error);
    }
  }

  /** The JSON of a whole request; only results of tools change, every other byte stays. */
  async compressBody(
    body: string,
    options: { tokenBudget?: number; profile?: Profile; report?: boolean; steps?: boolean } = {},
  ): Promise<NativeCompressed> {
    const { tokenBudget, profile, report = false, steps = false } = checkedOptions(options);
    if (typeof body !== "string") throw new ValidationError("the body must be a string of JSON");
    try {
      const budget = checkedBudget(tokenBudget);
      return await this.addon.compressRequest(this.engine, body, budget, checkedProfile(profile), report, steps);
    } catch (error) {
      throw nativeError(error);
    }
  }

  /** One text, such as a tool's output, or the bytes of a workbook (.xlsx, .ods, .xls). */
  async compressText(text: string | Uint8Array, options: TextOptions = {}): Promise<CompressedText> {
    const { question = "", tool = "", model = "gpt-4o", type = "", profile, arguments: args } = checkedOptions(options);
    // Half of a surrogate pair has no bytes in UTF-8.
    if (typeof text === "string" && /\p{Surrogate}/u.test(text)) return untouched(text, "the text is not valid Unicode");
    const input = ownText(text);
    const written = argumentsText(args);
    try {
      const out = await this.addon.compressText(
        this.engine,
        input,
        question,
        tool,
        written,
        model,
        type,
        checkedProfile(profile),
      );
      return { text: out.changed ? out.text : typeof input === "string" ? input : textOf(input), ...outcomeOf(out) };
    } catch (error) {
      throw nativeError(error);
    }
  }

  /** The exact bytes of an original, or of a part of it. */
  async retrieveBytes(id: string, part: PartOptions = {}): Promise<Uint8Array> {
    const { path = "", query = "", ...ranges } = checkedOptions(part);
    try {
      const [lines, items] = [rangeText(ranges.lines), rangeText(ranges.items)];
      return await this.addon.retrieve(this.engine, hashOf(id), lines, items, path, query);
    } catch (error) {
      throw nativeError(error);
    }
  }

  /** The original that a marker names: by its hash, 12 digits of it, or the whole marker. */
  async retrieve(id: string, part: PartOptions = {}): Promise<string> {
    return textOf(await this.retrieveBytes(id, part));
  }
}

/** Declarations name no Buffer, so that programs need no types of Node's. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

export function outcomeOf(out: NativeCompressed): Omit<CompressedText, "text"> {
  const { tokensBefore, tokensAfter } = out;
  return {
    tokensBefore,
    tokensAfter,
    tokensSaved: Math.max(tokensBefore - tokensAfter, 0),
    compressionRatio: tokensBefore > 0 ? tokensAfter / tokensBefore : 1,
    transformsApplied: out.transforms,
    ccrHashes: out.ids,
    compressed: out.changed,
    estimate: out.estimate,
    reason: out.reason,
  };
}

function untouched(text: string, reason: string): CompressedText {
  const figures = { tokensBefore: 0, tokensAfter: 0, tokensSaved: 0, compressionRatio: 1, estimate: true };
  return { text, ...figures, transformsApplied: [], ccrHashes: [], compressed: false, reason };
}

const engines = new Map<string, Promise<Engine>>();

/** The engine over the user's store; another one when the environment names another store. */
export function defaultEngine(): Promise<Engine> {
  const { HEADROOM_WORKSPACE_DIR = "", HOME = "", HEADROOM_STATELESS = "", HEADROOM_STORE_KEY_FILE = "" } = process.env;
  const inMemory = ["1", "true", "yes", "on"].includes(HEADROOM_STATELESS.toLowerCase());
  const key = [HEADROOM_WORKSPACE_DIR, HOME, inMemory, HEADROOM_STORE_KEY_FILE].join("\0");
  let engine = engines.get(key);
  if (engine === undefined) {
    engine = Engine.open({ inMemory });
    engines.set(key, engine);
    engine.catch(() => engines.delete(key)); // the next call tries again
  }
  return engine;
}

let lossless: Promise<Engine> | undefined;

/** The default engine; when its store cannot be opened, one that drops nothing. */
export async function engineOrLossless(): Promise<Engine> {
  try {
    return await defaultEngine();
  } catch (error) {
    if (!(error instanceof StorageError) || error.code === "unavailable") throw error;
    if (lossless === undefined) {
      const why = `nothing is dropped, because originals cannot be stored: ${error.message}`;
      process.emitWarning(why, "HeadroomWarning");
      lossless = Engine.open({ inMemory: true, profile: "lossless" });
    }
    return lossless;
  }
}
