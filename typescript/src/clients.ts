// The providers' own clients, with what they send shortened.

import { checkedOptions } from "./engine.js";
import { ValidationError } from "./errors.js";
import { isItem } from "./formats.js";
import { intercepted } from "./intercept.js";
import { ClientSavings, keepSavings } from "./savings.js";
import type { CompressOptions } from "./types.js";
import { isLanguageModel, wrappedModel } from "./vercel-model.js";

type Fetch = (input: any, init?: any) => Promise<any>;
type Item = Record<string, any>;

// Ends of the paths whose bodies are conversations.
const CONVERSATION =
  /(\/(messages|messages\/count_tokens|chat\/completions|responses|responses\/input_tokens)|:(generateContent|streamGenerateContent|countTokens|rawPredict|streamRawPredict))\/?$/;

/**
 * The client with its conversations shortened before they are sent: the results of tools, as compress() does it. Everything
 * else is the client's own: answers, streams, errors, retries, and what is no conversation. The client itself stays as it
 * was.
 *
 * `client`: `new Anthropic()`, `new OpenAI()` and their kin, `new GoogleGenAI()`, a model of the Vercel AI SDK, a model of
 * @google/generative-ai, or an object with `messages.create` or `chat.completions.create`. Options as for compress().
 *
 * Throws ValidationError for what is none of these. A request that cannot be shortened is sent as it was.
 */
export function withHeadroom<T extends object>(client: T, options: CompressOptions = {}): T {
  const held = client as Item;
  const given = checkedOptions(options);
  const named = (stack: string): ClientSavings => new ClientSavings({ stack: `adapter_ts_${stack}`, ...given });
  if (isLanguageModel(client)) {
    const savings = named("vercel");
    return keepSavings(wrappedModel(client, savings), savings);
  }
  if (typeof client === "object" && client !== null) {
    const claude = isItem(held["messages"]) && held["chat"] === undefined;
    if (typeof held["withOptions"] === "function") return overFetch(client, named(claude ? "anthropic" : "openai"));
    if (isItem(held["apiClient"]) && isItem(held["models"])) return genai(client, named("gemini"));
    if (typeof held["generateContent"] === "function") return generativeModel(client, named("gemini"));
    if (isItem(held["messages"]) || isItem(held["chat"])) return byMethod(client, named(claude ? "anthropic" : "openai"));
  }
  const wanted = "a client of Anthropic's, OpenAI's or Google's library, or a model of the Vercel AI SDK";
  throw new ValidationError(`withHeadroom() takes ${wanted}, not ${client === null ? "null" : typeof client}`);
}

/** The libraries of Anthropic and OpenAI send everything through a fetch that a copy of the client may have as its own. */
function overFetch<T extends object>(client: T, savings: ClientSavings): T {
  if (signs(client)) {
    const why = "it signs each request before it could be shortened; point its baseURL at `headroom proxy`";
    throw new ValidationError(`withHeadroom() cannot wrap this client: ${why}`);
  }
  const held = client as Item & { withOptions(options: Item): T };
  const own: unknown = held["fetch"];
  const send = typeof own === "function" ? (own as Fetch) : (input: any, init: any) => fetch(input, init);
  const shortening: Fetch = async (input, init) => {
    const { body, method = "GET" } = (init ?? {}) as { body?: unknown; method?: string };
    if (typeof body !== "string" || method.toUpperCase() !== "POST" || !CONVERSATION.test(pathOf(input))) {
      return send(input, init);
    }
    return send(input, { ...init, body: await savings.body(body) });
  };
  // A copy of AzureOpenAI forgets these.
  const azure = Object.entries({ apiVersion: held["apiVersion"], deployment: held["deploymentName"] });
  const kept = Object.fromEntries(azure.filter(([, value]) => typeof value === "string"));
  return keepSavings(held.withOptions({ ...kept, fetch: shortening }), savings);
}

/** What prepares a request signs it, when a class of the client's own, or a platform's, does it. */
function signs(client: object): boolean {
  let classes = 0;
  for (let each: object | null = client; each !== null; each = Object.getPrototypeOf(each) as object | null) {
    if (Object.hasOwn(each, "prepareRequest")) ++classes;
  }
  const provider: unknown = (client as Item)["_provider"];
  return classes > 1 || (isItem(provider) && typeof provider["prepareRequest"] === "function");
}

function pathOf(url: unknown): string {
  const text = isItem(url) && !(url instanceof URL) ? String(url["url"]) : String(url);
  return text.replace(/[?#].*$/s, "");
}

type Module = new (...args: unknown[]) => unknown;

/** All requests of @google/genai pass through one inner client, which its modules hold. */
function genai<T extends object>(client: T, savings: ClientSavings): T {
  const held = client as { apiClient: Record<string, Method>; models: object; chats?: object };
  const inner = Object.create(held.apiClient) as Record<string, Method>;
  for (const name of ["request", "requestStream"]) {
    const own = held.apiClient[name]?.bind(held.apiClient);
    if (own === undefined) continue;
    inner[name] = async (request: Item) => {
      const { body, path } = request as { body?: unknown; path?: unknown };
      if (typeof body !== "string" || !CONVERSATION.test(pathOf(path))) return own(request);
      return own({ ...request, body: await savings.body(body) });
    };
  }
  const made = Object.assign(Object.create(Object.getPrototypeOf(client) as object) as typeof held, client);
  made.apiClient = inner;
  made.models = new (held.models.constructor as Module)(inner) as object;
  if (held.chats !== undefined) made.chats = new (held.chats.constructor as Module)(made.models, inner) as object;
  return keepSavings(made as unknown as T, savings);
}

type Method = (...args: any[]) => unknown;

/** The method with its first argument, a request, shortened. */
function shortening(savings: ClientSavings, model?: string): (original: Method) => Method {
  return (original) =>
    async (request: unknown, ...rest: unknown[]) =>
      original(isItem(request) ? await savings.request(request, model) : request, ...rest);
}

function generativeModel<T extends object>(model: T, savings: ClientSavings): T {
  const call = shortening(savings, String((model as Item)["model"] ?? "gemini").replace(/^models\//, ""));
  return keepSavings(intercepted(model, { generateContent: call, generateContentStream: call }), savings);
}

/** For clients that cannot be told to use another fetch. */
function byMethod<T extends object>(client: T, savings: ClientSavings): T {
  const create = shortening(savings);
  const made = intercepted(client, { messages: { create }, chat: { completions: { create } }, responses: { create } });
  return keepSavings(made, savings);
}
