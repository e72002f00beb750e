// Conversations with a provider through the proxy, which shortens them.

import type { HeadroomClient } from "./client.js";
import { ValidationError } from "./errors.js";
import { simulate, type SimulationResult } from "./library.js";
import { parseSSE } from "./sse.js";

/** What a call says to us, beside what it says to the provider. */
export interface HeadroomParams {
  /** "audit": as it is; "optimize" (the default): shortened; "simulate": what that would do, nothing is sent. */
  headroomMode?: "audit" | "optimize" | "simulate";
  /** Names of earlier versions, without effect. */
  headroomCachePrefixTokens?: number;
  headroomOutputBufferTokens?: number;
  headroomKeepTurns?: number;
  headroomToolProfiles?: Record<string, Record<string, any>>;
}

/** The provider's request. */
export type ConversationBody = { model: string; messages: any[]; stream?: boolean; [key: string]: any } & HeadroomParams;

interface Provider {
  path: string;
  /** The headers that say who asks. */
  headers(key: string | undefined): Record<string, string>;
}

const OPENAI: Provider = {
  path: "/v1/chat/completions",
  headers: (key = process.env["OPENAI_API_KEY"]) => {
    const headers: Record<string, string> = {};
    if (key) headers["authorization"] = `Bearer ${key}`;
    return headers;
  },
};
const ANTHROPIC: Provider = {
  path: "/v1/messages",
  headers: (key = process.env["ANTHROPIC_API_KEY"]) => ({
    "anthropic-version": "2023-06-01",
    ...(key ? { "x-api-key": key } : {}),
  }),
};

// A model may take its time, and an answer that was paid for is not asked for again.
const PATIENCE = { timeout: 600_000, retries: 0 };

async function asked(client: HeadroomClient, provider: Provider, { headroomMode, ...all }: ConversationBody): Promise<any> {
  if (headroomMode !== undefined && !["audit", "optimize", "simulate"].includes(headroomMode)) {
    throw new ValidationError('headroomMode is "audit", "optimize" or "simulate"');
  }
  const given = Object.entries(all).filter(([name]) => !name.startsWith("headroom"));
  const body = Object.fromEntries(given) as ConversationBody;
  if (headroomMode === "simulate") return simulate(body.messages, { model: body.model, client });
  const headers = provider.headers(client.providerApiKey);
  if (headroomMode === "audit") headers["x-headroom-bypass"] = "true";
  const call = { method: "POST" as const, body: JSON.stringify(body), headers, ...PATIENCE };
  const response = await client.request(provider.path, call);
  return body.stream === true ? parseSSE(response) : response.json();
}

/** OpenAI's chat.completions. */
export class ChatCompletions {
  constructor(private readonly client: HeadroomClient) {}

  /** The provider's answer, or its events when `stream` is true. */
  create(params: ConversationBody): Promise<any> {
    return asked(this.client, OPENAI, params);
  }

  simulate(params: ConversationBody): Promise<SimulationResult> {
    return simulate(params.messages, { model: params.model, client: this.client });
  }
}

/** Anthropic's messages. */
export class Messages {
  constructor(private readonly client: HeadroomClient) {}

  /** The provider's answer, or its events when `stream` is true. `max_tokens` is 1024 when not given. */
  create(params: ConversationBody): Promise<any> {
    return asked(this.client, ANTHROPIC, { max_tokens: 1024, ...params });
  }

  stream(params: ConversationBody): Promise<AsyncGenerator<any>> {
    return this.create({ ...params, stream: true });
  }

  simulate(params: ConversationBody): Promise<SimulationResult> {
    return simulate(params.messages, { model: params.model, client: this.client });
  }
}
