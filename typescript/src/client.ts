// A proxy, asked over HTTP.

import { deepCamelCase } from "./case.js";
import { ChatCompletions, Messages } from "./conversations.js";
import { checkedOptions, hashOf, rangeText } from "./engine.js";
import { HeadroomCompressError, HeadroomConnectionError, HeadroomError, mapProxyError, NotFoundError } from "./errors.js";
import { isItem } from "./formats.js";
import { compress } from "./compress.js";
import type { CompressOptions, CompressResult, ConnectionOptions, PartOptions } from "./types.js";

export const DEFAULT_BASE_URL = "http://localhost:8787";

/** What POST /v1/compress answers. */
export interface CompressReply {
  messages: unknown[];
  tokens_before: number;
  tokens_after: number;
  tokens_saved: number;
  tokens_are_estimates?: boolean;
  compression_ratio: number;
  transforms_applied: string[];
  ccr_hashes: string[];
  compression_skipped?: boolean;
  skip_reason?: string;
  budget_note?: string;
}

export interface RetrieveResult {
  hash: string;
  originalContent: string;
  originalTokens: number;
  originalBytes: number;
  contentType: string;
  toolName: string;
  retrievalCount: number;
  /** The whole original, not a part. */
  complete: boolean;
}

/** A request to the proxy. */
export interface ProxyCall {
  method?: "GET" | "POST";
  body?: string;
  headers?: Record<string, string>;
  /** When the options do not say. */
  timeout?: number;
  retries?: number;
}

export interface ClientOptions extends ConnectionOptions {
  /** For the provider: what chat.completions and messages send as its key. */
  providerApiKey?: string;
}

/** One request that the proxy remembers. */
export type RequestMetrics = Record<string, unknown> & { model: string };

/** Sums over the requests of the proxy. */
export interface MetricsSummary {
  totalRequests: number;
  totalTokensBefore: number;
  totalTokensAfter: number;
  totalTokensSaved: number;
  /** The share of tokens that was saved. */
  averageCompressionRatio: number;
  models: Record<string, unknown>;
  errorCount: number;
}

/** A proxy, asked over HTTP: its own endpoints, and the providers behind it. */
export class HeadroomClient {
  readonly baseUrl: string;
  readonly providerApiKey: string | undefined;
  readonly chat: { completions: ChatCompletions };
  readonly messages: Messages;
  private readonly options: ConnectionOptions;

  constructor(options: ClientOptions = {}) {
    this.options = checkedOptions(options);
    const url = this.options.baseUrl ?? (process.env["HEADROOM_BASE_URL"] || DEFAULT_BASE_URL);
    this.baseUrl = url.replace(/\/+$/, "");
    this.providerApiKey = checkedOptions(options).providerApiKey;
    this.chat = { completions: new ChatCompletions(this) };
    this.messages = new Messages(this);
  }

  /** Whether a failure of the proxy gives the input back. */
  get fallback(): boolean {
    return this.options.fallback ?? true;
  }

  compress<T>(messages: readonly T[], options: CompressOptions = {}): Promise<CompressResult<T>> {
    return compress(messages, { ...this.options, ...options, client: this });
  }

  /** POST /v1/compress with this JSON. */
  async compressBody(body: string): Promise<CompressReply> {
    const reply = await this.json<Partial<CompressReply>>("/v1/compress", { method: "POST", body });
    if (!Array.isArray(reply.messages) || typeof reply.tokens_before !== "number") {
      throw new HeadroomCompressError(200, "bad_answer", `${this.baseUrl} answers, but not as a Headroom proxy does`);
    }
    return reply as CompressReply;
  }

  /** The original that a marker names, or a part of it. */
  async retrieve(id: string, part: PartOptions = {}): Promise<RetrieveResult> {
    const { path, query } = part;
    const wanted = { hash: hashOf(id), lines: rangeText(part.lines), items: rangeText(part.items), path, query };
    const body = JSON.stringify(wanted);
    return deepCamelCase<RetrieveResult>(await this.json("/v1/retrieve", { method: "POST", body }));
  }

  async getCCRStats(): Promise<Record<string, unknown>> {
    return deepCamelCase(await this.json("/v1/retrieve/stats"));
  }

  async health(): Promise<Record<string, unknown> & { status: string }> {
    return deepCamelCase(await this.json("/health"));
  }

  /** All of /stats. */
  async proxyStats(): Promise<Record<string, unknown>> {
    return deepCamelCase(await this.json("/stats"));
  }

  /** The latest requests, the newest first. */
  async getMetrics(query: { model?: string; limit?: number } = {}): Promise<RequestMetrics[]> {
    const { recentRequests } = (await this.proxyStats()) as { recentRequests?: RequestMetrics[] };
    const { model, limit } = checkedOptions(query);
    const found = (recentRequests ?? []).filter((request) => model === undefined || request.model === model);
    return limit === undefined ? found : found.slice(0, limit);
  }

  async getSummary(): Promise<MetricsSummary> {
    const stats = (await this.proxyStats()) as Record<string, Record<string, any>>;
    const { requests = {}, tokens = {} } = stats;
    const [before, saved] = [Number(tokens["totalBeforeCompression"] ?? 0), Number(tokens["saved"] ?? 0)];
    return {
      totalRequests: Number(requests["total"] ?? 0),
      totalTokensBefore: before,
      totalTokensAfter: before - saved,
      totalTokensSaved: saved,
      averageCompressionRatio: before > 0 ? saved / before : 0,
      models: (requests["byModel"] ?? {}) as Record<string, unknown>,
      errorCount: Number(requests["failed"] ?? 0),
    };
  }

  /** The same by an earlier name. */
  getStats(): Promise<MetricsSummary> {
    return this.getSummary();
  }

  /** Whether the proxy answers and is well; `errors` says what is not. */
  async validateSetup(): Promise<{ valid: boolean; errors: string[]; config: Record<string, unknown> }> {
    try {
      const { status, config } = await this.health();
      const valid = status === "healthy";
      return { valid, errors: valid ? [] : [`the proxy is ${status}`], config: isItem(config) ? config : {} };
    } catch (error) {
      if (!(error instanceof HeadroomError)) throw error;
      return { valid: false, errors: [error.message], config: {} };
    }
  }

  /** Answers a model's call of the retrieve tool. */
  async handleToolCall(request: { toolCall: any; provider?: "anthropic" | "openai" }): Promise<any> {
    const { toolCall, provider = "anthropic" } = request;
    const body = JSON.stringify({ tool_call: toolCall as unknown, provider });
    return deepCamelCase(await this.json("/v1/retrieve/tool_call", { method: "POST", body }));
  }

  /** Nothing is held open. */
  close(): void {}

  async prometheusMetrics(): Promise<string> {
    return (await this.request("/metrics")).text();
  }

  /** Sends it, again when it failed, and gives an answer of 2xx. */
  async request(path: string, call: ProxyCall = {}): Promise<Response> {
    const retries = this.options.retries ?? call.retries ?? 1;
    for (let attempt = 0; ; ++attempt) {
      try {
        return await this.once(path, call);
      } catch (error) {
        const again =
          error instanceof HeadroomConnectionError || (error instanceof HeadroomCompressError && error.statusCode >= 500);
        if (!again || attempt >= retries) throw error;
        await new Promise((done) => setTimeout(done, 50 * 2 ** attempt));
      }
    }
  }

  private async json<T>(path: string, call: ProxyCall = {}): Promise<T> {
    const response = await this.request(path, call);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw new HeadroomConnectionError(`${this.baseUrl}${path} did not answer with JSON: ${String(error)}`);
    }
  }

  private async once(path: string, { method = "GET", body, headers = {}, ...call }: ProxyCall): Promise<Response> {
    const { stack, timeout = call.timeout ?? 30_000 } = this.options;
    const key = this.options.apiKey ?? process.env["HEADROOM_API_KEY"];
    const all: Record<string, string> = { ...headers };
    if (body !== undefined) all["content-type"] = "application/json";
    if (key && all["authorization"] !== undefined) all["x-headroom-proxy-token"] = key;
    else if (key) all["authorization"] = `Bearer ${key}`;
    if (stack) all["x-headroom-stack"] = stack;
    let response: Response;
    try {
      const signal = AbortSignal.timeout(timeout);
      response = await fetch(this.baseUrl + path, { method, headers: all, signal, ...(body !== undefined && { body }) });
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { message?: string } };
      throw new HeadroomConnectionError(`no proxy at ${this.baseUrl}: ${cause?.message ?? message}`);
    }
    if (response.ok) return response;
    const { type, message } = await reasonOf(response);
    if (response.status === 404 && path.startsWith("/v1/retrieve")) throw new NotFoundError(message);
    throw mapProxyError(response.status, type, message);
  }
}

async function reasonOf(response: Response): Promise<{ type: string; message: string }> {
  const text = await response.text().catch(() => "");
  try {
    const { error, detail } = JSON.parse(text) as { error?: { type?: string; message?: string }; detail?: string };
    return { type: error?.type ?? "unknown", message: error?.message ?? detail ?? text };
  } catch {
    return { type: "unknown", message: text || `HTTP ${response.status}` };
  }
}
