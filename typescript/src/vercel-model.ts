// Models of the Vercel AI SDK.

import { ValidationError } from "./errors.js";
import { isItem } from "./formats.js";
import { intercepted } from "./intercept.js";
import { ClientSavings } from "./savings.js";
import type { CompressOptions } from "./types.js";

export function isLanguageModel(value: unknown): boolean {
  const model = (value ?? {}) as Record<string, unknown>;
  return typeof model["doGenerate"] === "function" && typeof model["doStream"] === "function";
}

/** A middleware for `wrapLanguageModel({ model, middleware })`. */
export interface HeadroomMiddleware {
  readonly specificationVersion: "v3";
  /** What it has saved so far. */
  readonly savings: ClientSavings;
  transformParams(options: { params: any; model?: any; type?: string }): Promise<any>;
}

/** Shortens the results of tools in what a model of the AI SDK is asked. Options as for compress(). */
export function headroomMiddleware(options: CompressOptions = {}): HeadroomMiddleware {
  const savings = new ClientSavings({ stack: "adapter_ts_vercel", ...options });
  return {
    specificationVersion: "v3",
    savings,
    transformParams: ({ params, model }) => shortened(params, model, savings),
  };
}

async function shortened(params: unknown, model: unknown, savings: ClientSavings): Promise<unknown> {
  if (!isItem(params) || !Array.isArray(params["prompt"])) return params;
  const before = params["prompt"];
  const prompt = await savings.messages(before, isItem(model) ? model["modelId"] : undefined);
  return prompt === before ? params : { ...params, prompt };
}

/** The model with what it is asked shortened. */
export function wrappedModel<T extends object>(model: T, savings: ClientSavings): T {
  if (!isLanguageModel(model)) throw new ValidationError("a model of the AI SDK has doGenerate and doStream");
  const call =
    (original: (...args: any[]) => unknown) =>
    async (params: unknown): Promise<unknown> =>
      original(await shortened(params, model, savings));
  return intercepted(model, { doGenerate: call, doStream: call });
}
