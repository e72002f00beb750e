// What goes in and what comes out.

import type { HeadroomClient } from "./client.js";
import type { CompressionHooks } from "./hooks.js";

/** How far compression goes. "lossless": nothing is dropped, no markers; "balanced" (the default): what an answer may need
 * stays; "aggressive": errors and what is asked for stay. */
export type Profile = "lossless" | "balanced" | "aggressive";

export interface ConnectionOptions {
  /** A proxy to ask, instead of doing the work in this process; also $HEADROOM_BASE_URL. */
  baseUrl?: string;
  /** Sent to the proxy as a bearer token; also $HEADROOM_API_KEY. */
  apiKey?: string;
  /** Milliseconds that one request to the proxy may take; 30,000 when not given. */
  timeout?: number;
  /** Give back the input when the proxy does not answer; true when not given. */
  fallback?: boolean;
  /** How often a request that failed is sent again; 1 when not given. */
  retries?: number;
  /** Says who asks (X-Headroom-Stack). */
  stack?: string;
}

export interface CompressOptions extends ConnectionOptions {
  /** Whose tokens are counted. */
  model?: string;
  /** Tokens for all that the model reads; results are cut further until it is met, when it can be. */
  tokenBudget?: number;
  profile?: Profile;
  /** In process: say in `blocks` what happened to each tool result. */
  report?: boolean;
  hooks?: CompressionHooks;
  /** A client of a proxy, which is asked then. */
  client?: Pick<HeadroomClient, "compressBody">;
}

/** What happened to one tool result. */
export interface BlockReport {
  /** Index in the messages. */
  message: number;
  tool: string;
  /** "json", "log", ... */
  type: string;
  /** As in transformsApplied; "": left as it was. */
  transform: string;
  /** Why it was left, when it was. */
  reason: string;
  tokensBefore: number;
  tokensAfter: number;
  /** Originals that markers in it name. */
  ids: string[];
  /** "120-480: what stood there", for each gap. */
  removed: string[];
}

/** Something that the requests of a conversation begin with that was not as it was before. */
export interface Drift {
  where: string;
  what: string;
  before: string;
  now: string;
  /** In the JSON of the request. */
  offset: number;
  size: number;
  /** Of the conversation, from 1. */
  request: number;
  /** "pinned", "told", "reordered": sent as it was first; "accepted": sent as it came. */
  action: string;
}

/** What it costs and saves, in dollars, to put markers in the place of old results that later ones have overtaken. */
export interface Rewrite {
  done: boolean;
  whyNot: string;
  results: number;
  firstMessage: number;
  brokenTokens: number;
  savedTokens: number;
  idleS: number;
  cold: boolean;
  unused: boolean;
  pays: boolean;
  keepNow: number;
  keepLater: number;
  rewriteNow: number;
  rewriteLater: number;
  expectedRequests: number;
  breakEvenRequests: number;
}

/** Figures of one text or conversation. */
export interface Outcome {
  tokensBefore: number;
  tokensAfter: number;
  tokensSaved: number;
  /** The share of tokens that is left: 0.1 when nine tenths are saved. */
  compressionRatio: number;
  /** What was done, each once: "json:rows", "log:fold". */
  transformsApplied: string[];
  /** Originals that markers name; retrieve() gives them. */
  ccrHashes: string[];
  /** Something was shortened. */
  compressed: boolean;
  /** The model's tokenizer is not public, so the counts are estimates. */
  estimate: boolean;
  /** Why nothing was saved, when nothing was. */
  reason: string;
}

export interface CompressResult<T = any> extends Outcome {
  /** In the shape of the input. Those in which nothing was shortened are the same objects. */
  messages: T[];
  /** Why tokenBudget is not met, when it is not. */
  budgetNote: string;
  /** In process, with `report`. */
  blocks: BlockReport[];
  drifts: Drift[];
  /** When there is something old to rewrite. */
  rewrite?: Rewrite;
  /** Why what an earlier call gave for old messages was changed, when it was. */
  revisionNote: string;
}

export interface CompressedText extends Outcome {
  text: string;
}

/** What reads a text, and wants to know what of it. */
export interface TextOptions {
  question?: string;
  /** The tool that printed it, and how it was called: an object, or a command line. */
  tool?: string;
  arguments?: string | object;
  /** Whose tokens are counted; "gpt-4o" when not given. */
  model?: string;
  /** "json", "log", ...; found out when not given. */
  type?: string;
  profile?: Profile;
}

/** "120:180", [120, 180], or one number; both ends included. */
export type Range = string | number | readonly [number, number];

/** Which part of an original; `lines`, `items` and `query` exclude each other. */
export interface PartOptions {
  /** Counted from 1. */
  lines?: Range;
  /** Of a JSON array, counted from 0. */
  items?: Range;
  /** Which array `items` counts in ("data.rows"); without it the largest. */
  path?: string;
  /** The lines or items that fit these words best. */
  query?: string;
}

export interface RetrieveOptions extends PartOptions, ConnectionOptions {}
