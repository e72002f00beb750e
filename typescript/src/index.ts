// headroom-ai: what an agent reads costs fewer tokens and answers the same.

export { camelToSnake, deepCamelCase, deepSnakeCase, snakeToCamel } from "./case.js";
export { withHeadroom } from "./clients.js";
export {
  HeadroomClient,
  type ClientOptions,
  type CompressReply,
  type MetricsSummary,
  type ProxyCall,
  type RequestMetrics,
  type RetrieveResult,
} from "./client.js";
export { compress } from "./compress.js";
export type { ChatCompletions, ConversationBody, HeadroomParams, Messages } from "./conversations.js";
export { Engine, type EngineOptions } from "./engine.js";
export * from "./errors.js";
export { detectFormat, type MessageFormat } from "./formats.js";
export { fromOpenAI } from "./from-openai.js";
export {
  CANONICAL_PIPELINE_STAGES,
  CompressionHooks,
  countTurns,
  extractToolCalls,
  extractUserQuery,
  type CompressContext,
  type CompressEvent,
  type PipelineEvent,
  type PipelineStage,
} from "./hooks.js";
export { compressText, countTokens, retrieve, simulate, type SimulationResult } from "./library.js";
export { hasNative, type NativeCompressed, type NativeStep } from "./native.js";
export { savingsOf, type ClientSavings } from "./savings.js";
export { SharedContext, type ContextEntry, type SharedContextOptions, type SharedContextStats } from "./shared-context.js";
export {
  configDir,
  HEADROOM_CONFIG_DIR_ENV,
  HEADROOM_WORKSPACE_DIR_ENV,
  pluginConfigDir,
  pluginWorkspaceDir,
  workspaceDir,
} from "./paths.js";
export { collectStream, parseSSE } from "./sse.js";
export { toOpenAI, type OpenAIMessage, type ToolCall } from "./to-openai.js";
export type * from "./types.js";
export { headroomMiddleware, type HeadroomMiddleware } from "./vercel-model.js";
