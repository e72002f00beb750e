// The addon, when there is one for this platform.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { PipelineStage } from "./hooks.js";
import type { BlockReport, Drift, Rewrite } from "./types.js";

/** An engine of the addon; only to be handed to it. */
export interface NativeEngine {
  readonly __engine: never;
}

export interface NativeCompressed {
  /** Empty when nothing changed. */
  text: string;
  changed: boolean;
  tokensBefore: number;
  tokensAfter: number;
  estimate: boolean;
  transforms: string[];
  ids: string[];
  reason: string;
  budgetNote: string;
  revisionNote: string;
  blocks: BlockReport[];
  drifts: Drift[];
  rewrite?: Rewrite;
  /** When asked for. */
  steps: NativeStep[];
}

/** include/headroom/headroom.h, Event */
export interface NativeStep extends Record<string, unknown> {
  stage: PipelineStage;
  request: number;
  api: string;
  model: string;
}

/** ../native/module.cc */
export interface Native {
  version: string;
  open(
    workspaceDir: string,
    inMemory: boolean,
    profile: string,
    toolProfiles: string[],
    minTokens: number,
    targetTokens: number,
    learned: boolean,
    storeKeyFile: string,
  ): Promise<NativeEngine>;
  compressRequest(
    engine: NativeEngine,
    body: string,
    tokenBudget: number,
    profile: string,
    report: boolean,
    steps: boolean,
  ): Promise<NativeCompressed>;
  compressText(
    engine: NativeEngine,
    text: string | Uint8Array,
    question: string,
    tool: string,
    args: string,
    model: string,
    type: string,
    profile: string,
  ): Promise<NativeCompressed>;
  retrieve(
    engine: NativeEngine,
    id: string,
    lines: string,
    items: string,
    path: string,
    query: string,
  ): Promise<Uint8Array>;
  countTokens(text: string, model: string): number;
}

let loaded: Native | string | undefined;

function load(): Native | string {
  if (process.env["HEADROOM_NO_ADDON"]) return "HEADROOM_NO_ADDON is set";
  const file = join(__dirname, "..", "prebuilds", `${process.platform}-${process.arch}`, "headroom.node");
  if (!existsSync(file)) return `no addon for ${process.platform}-${process.arch}`;
  try {
    // The file is no module that could be imported.
    return createRequire(__filename)(file) as Native;
  } catch (error) {
    return `the addon cannot be loaded: ${(error as Error).message}`;
  }
}

/** The addon, or why there is none. */
export function native(): Native | string {
  loaded ??= load();
  return loaded;
}

/** Whether the work can be done in this process. */
export function hasNative(): boolean {
  return typeof native() !== "string";
}
