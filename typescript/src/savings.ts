// What a client that is wrapped sends, and what that saves.

import { clientFor, compress } from "./compress.js";
import { checkedBudget, checkedProfile, engineOrLossless, outcomeOf } from "./engine.js";
import { HeadroomError, ValidationError } from "./errors.js";
import { isItem } from "./formats.js";
import type { CompressOptions, Outcome } from "./types.js";

const LISTS = ["messages", "contents", "input"];

/** What a client of withHeadroom() has saved so far. Tokens of all that the model reads. */
export class ClientSavings {
  requests = 0;
  tokensBefore = 0;
  tokensAfter = 0;
  /** Of the latest request. */
  last: Outcome | undefined;

  constructor(private readonly options: CompressOptions) {
    checkedBudget(options.tokenBudget);
    checkedProfile(options.profile);
  }

  get tokensSaved(): number {
    return Math.max(this.tokensBefore - this.tokensAfter, 0);
  }

  /** The JSON of a request as it is to be sent: the very string when nothing is gained or something of ours fails. */
  async body(body: string): Promise<string> {
    const { tokenBudget, profile, hooks } = this.options;
    if (hooks !== undefined || clientFor(this.options) !== undefined) {
      const request = parsed(body);
      const sent = isItem(request) ? await this.request(request) : request;
      return sent === request ? body : JSON.stringify(sent);
    }
    const out = await this.guarded(async () => {
      const engine = await engineOrLossless();
      return engine.compressBody(body, {
        ...(tokenBudget !== undefined && { tokenBudget }),
        ...(profile !== undefined && { profile }),
      });
    });
    if (out === undefined) return body;
    this.note(outcomeOf(out));
    return out.changed ? out.text : body;
  }

  /** The same for a request that is no JSON yet. `model`: when the request does not say. */
  async request<T extends object>(request: T, model?: string): Promise<T> {
    const members = request as Record<string, unknown>;
    const name = LISTS.find((each) => Array.isArray(members[each]));
    if (name === undefined) return request;
    const before = members[name] as unknown[];
    const after = await this.messages(before, members["model"] ?? model);
    return after === before ? request : { ...request, [name]: after };
  }

  /** The same for the messages alone. */
  async messages<T>(messages: T[], model: unknown): Promise<T[]> {
    const named = typeof model === "string" ? { model } : {};
    const result = await this.guarded(() => compress(messages, { ...named, ...this.options }));
    if (result === undefined) return messages;
    this.note(result);
    const same = result.messages.length === messages.length && result.messages.every((each, i) => each === messages[i]);
    return same ? messages : result.messages;
  }

  private note(out: Outcome): void {
    const { tokensBefore, tokensAfter, tokensSaved, compressionRatio, transformsApplied, ccrHashes } = out;
    const { compressed, estimate, reason } = out;
    ++this.requests;
    this.tokensBefore += tokensBefore;
    this.tokensAfter += tokensAfter;
    const figures = { tokensBefore, tokensAfter, tokensSaved, compressionRatio, transformsApplied, ccrHashes };
    this.last = { ...figures, compressed, estimate, reason };
  }

  /** A failure of ours must not be one of the caller's; one of his own hooks is. */
  private async guarded<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HeadroomError)) throw error;
      process.emitWarning(`a request is sent as it was: ${error.message}`, "HeadroomWarning");
      return undefined;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const known = new WeakMap<object, ClientSavings>();

/** Remembers whose savings these are, for savingsOf(). */
export function keepSavings<T extends object>(client: T, savings: ClientSavings): T {
  known.set(client, savings);
  return client;
}

/** What a client that withHeadroom() gave has saved. Throws ValidationError for another. */
export function savingsOf(client: object): ClientSavings {
  const savings = known.get(client);
  if (savings === undefined) throw new ValidationError("this client is not one of withHeadroom()");
  return savings;
}
