#include "proxy/routes.h"

#include <algorithm>
#include <array>

#include "proxy/query_string.h"

namespace headroom::proxy {
namespace {

using wire::Api;

// Order matters: the first match counts. The paths of our own are never relayed, whatever the method, so that a
// mistyped request for own data does not go to a provider: their second line, without a method, refuses.
constexpr Route compressed(std::string_view path, Provider provider, Api api, bool counts = false) {
  return {"POST", path, Action::kCompressRelay, Guard::kRelay, provider, api, counts};
}
constexpr bool kCounts = true;
constexpr Route batch(std::string_view path, Provider provider, Api api, Batch kind) {
  return {"POST", path, Action::kCompressRelay, Guard::kRelay, provider, api, false, kind};
}

constexpr std::array kRoutes{
    // Gateways put something before the paths of the formats that they speak: /anthropic/v1/messages, /api/v1/chat/...
    compressed("/v1/messages", Provider::kAnthropic, Api::kAnthropicMessages),
    compressed("*/v1/messages", Provider::kAnthropic, Api::kAnthropicMessages),
    batch("*/v1/messages/batches", Provider::kAnthropic, Api::kAnthropicMessages, Batch::kAnthropic),
    batch("*/v1/files", Provider::kOpenAi, Api::kOpenAiChat, Batch::kFile),     // Anthropic's files, too
    batch("/openai/files", Provider::kOpenAi, Api::kOpenAiChat, Batch::kFile),  // Azure
    batch("/v1*/models/*:batchGenerateContent", Provider::kGemini, Api::kGeminiGenerate, Batch::kGemini),
    compressed("*/v1/messages/count_tokens", Provider::kAnthropic, Api::kAnthropicMessages, kCounts),
    compressed("/v1beta/openai/chat/completions", Provider::kGemini, Api::kOpenAiChat),
    compressed("/v1*/projects/*/endpoints/openapi/chat/completions", Provider::kVertex, Api::kOpenAiChat),
    compressed("*/chat/completions", Provider::kOpenAi, Api::kOpenAiChat),
    compressed("/backend-api/codex/responses", Provider::kChatGpt, Api::kOpenAiResponses),
    compressed("/backend-api/codex/responses/compact", Provider::kChatGpt, Api::kOpenAiResponses),
    compressed("/backend-api/responses", Provider::kChatGpt, Api::kOpenAiResponses),
    compressed("*/responses", Provider::kOpenAi, Api::kOpenAiResponses),
    compressed("*/responses/compact", Provider::kOpenAi, Api::kOpenAiResponses),
    compressed("*/responses/input_tokens", Provider::kOpenAi, Api::kOpenAiResponses, kCounts),
    Route{"GET", "*/responses", Action::kSocketRelay, Guard::kRelay, Provider::kOpenAi, Api::kOpenAiResponses},
    compressed("/v1*/projects/*/models/*:generateContent", Provider::kVertex, Api::kGeminiGenerate),
    compressed("/v1*/projects/*/models/*:streamGenerateContent", Provider::kVertex, Api::kGeminiGenerate),
    compressed("/v1*/projects/*/models/*:countTokens", Provider::kVertex, Api::kGeminiGenerate, kCounts),
    compressed("/v1*/publishers/google/models/*:generateContent", Provider::kVertex, Api::kGeminiGenerate),
    compressed("/v1*/publishers/google/models/*:streamGenerateContent", Provider::kVertex, Api::kGeminiGenerate),
    compressed("/v1*/publishers/google/models/*:countTokens", Provider::kVertex, Api::kGeminiGenerate, kCounts),
    // Anthropic's library leaves the version to the base URL.
    compressed("*/projects/*/publishers/anthropic/models/count-tokens:rawPredict", Provider::kVertex,
               Api::kAnthropicMessages, kCounts),
    compressed("*/projects/*/publishers/anthropic/models/*:rawPredict", Provider::kVertex, Api::kAnthropicMessages),
    compressed("*/projects/*/publishers/anthropic/models/*:streamRawPredict", Provider::kVertex,
               Api::kAnthropicMessages),
    compressed("/v1*/models/*:generateContent", Provider::kGemini, Api::kGeminiGenerate),
    compressed("/v1*/models/*:streamGenerateContent", Provider::kGemini, Api::kGeminiGenerate),
    compressed("/v1*/models/*:countTokens", Provider::kGemini, Api::kGeminiGenerate, kCounts),
    compressed("/v1internal:generateContent", Provider::kCloudCode, Api::kGeminiGenerate),
    compressed("/v1internal:streamGenerateContent", Provider::kCloudCode, Api::kGeminiGenerate),
    compressed("/v1internal:countTokens", Provider::kCloudCode, Api::kGeminiGenerate, kCounts),
    compressed("/v1/v1internal:generateContent", Provider::kCloudCode, Api::kGeminiGenerate),
    compressed("/v1/v1internal:streamGenerateContent", Provider::kCloudCode, Api::kGeminiGenerate),
    compressed("/v1/v1internal:countTokens", Provider::kCloudCode, Api::kGeminiGenerate, kCounts),
    compressed("/model/*/invoke", Provider::kBedrock, Api::kAnthropicMessages),
    compressed("/model/*/invoke-with-response-stream", Provider::kBedrock, Api::kAnthropicMessages),
    compressed("/model/*/converse", Provider::kBedrock, Api::kBedrockConverse),
    compressed("/model/*/converse-stream", Provider::kBedrock, Api::kBedrockConverse),
    compressed(kBedrockCount, Provider::kBedrock, Api::kBedrockConverse, kCounts),
    Route{"POST", "/v1/compress", Action::kCompressApi, Guard::kLocalWrite},
    Route{"GET", "/v1/retrieve/stats", Action::kRetrieveStats, Guard::kLocal},
    Route{"POST", "/v1/retrieve/tool_call", Action::kRetrieveToolCall, Guard::kLocalWrite},
    Route{"GET", "/v1/retrieve/*", Action::kRetrieve, Guard::kLocal},
    Route{"GET", "/v1/retrieve", Action::kRetrieve, Guard::kLocal},
    Route{"POST", "/v1/retrieve", Action::kRetrieve, Guard::kLocalWrite},
    Route{"GET", "/v1/toin/stats", Action::kLearnedStats, Guard::kLocal},
    Route{"GET", "/v1/toin/patterns", Action::kLearnedPatterns, Guard::kLocal},
    Route{"GET", "/v1/toin/pattern/*", Action::kLearnedPattern, Guard::kLocal},
    Route{"GET", "/livez", Action::kLive, Guard::kOpen},
    Route{"GET", "/readyz", Action::kReady, Guard::kOpen},
    Route{"GET", "/health", Action::kHealth, Guard::kOpen},
    Route{"GET", "/stats", Action::kStats, Guard::kLocal},
    Route{"GET", "/metrics", Action::kMetrics, Guard::kLocal},
    Route{"GET", "/stats-history", Action::kHistory, Guard::kLocal},
    Route{"GET", "/debug/memory", Action::kMemory, Guard::kLocal},
    Route{"POST", "/cache/clear", Action::kCacheClear, Guard::kLocalWrite},
    Route{"GET", "/admin/runtime-env", Action::kRuntimeEnv, Guard::kLocal},
    Route{"POST", "/admin/runtime-env", Action::kRuntimeEnv, Guard::kAdmin},
    Route{"", "/admin/*", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/v1/compress", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/v1/retrieve", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/v1/retrieve/*", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/v1/toin/*", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/livez", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/readyz", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/health", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/stats", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/metrics", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/stats-history", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/debug/memory", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/cache/clear", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/stats/*", Action::kNotHere, Guard::kLocal},
    Route{"", "/debug/*", Action::kNotHere, Guard::kLocal},
    Route{"", "/cache/*", Action::kNotHere, Guard::kLocal},
    Route{"", "/transformations/*", Action::kNotHere, Guard::kLocal},
    Route{"", "/dashboard*", Action::kNotHere, Guard::kLocal},
    Route{"", "/settings*", Action::kNotHere, Guard::kLocal},
    Route{"", "/v1/feedback*", Action::kNotHere, Guard::kLocal},
    Route{"", "/v1/telemetry*", Action::kNotHere, Guard::kLocal},
    Route{"", "/favicon.ico", Action::kNotHere, Guard::kLocal},
    Route{"CONNECT", "*", Action::kWrongMethod, Guard::kLocal},  // this is no forward proxy
    Route{"", "*", Action::kRelay, Guard::kRelay},
};

// A route whose guard was forgotten does not compile.
static_assert(std::ranges::none_of(kRoutes, [](const Route& route) { return route.guard == Guard::kClosed; }));

bool method_fits(std::string_view wanted, std::string_view method) {
  return wanted.empty() || wanted == method || (wanted == "GET" && method == "HEAD");
}

/// '*' stands for any bytes. What stands between two of them is taken where it comes first, so that the time grows with
/// the path alone, whatever a client makes of it.
bool path_fits(std::string_view wanted, std::string_view path) {
  std::size_t star = wanted.find('*');
  if (star == std::string_view::npos) return wanted == path;
  if (!path.starts_with(wanted.substr(0, star))) return false;
  path.remove_prefix(star);
  wanted.remove_prefix(star + 1);
  while ((star = wanted.find('*')) != std::string_view::npos) {
    const std::size_t at = path.find(wanted.substr(0, star));
    if (at == std::string_view::npos) return false;
    path.remove_prefix(at + star);
    wanted.remove_prefix(star + 1);
  }
  return path.ends_with(wanted);
}

}  // namespace

std::span<const Route> all_routes() {
  return kRoutes;
}

const Route& find_route(std::string_view method, std::string_view path) {
  for (const Route& route : kRoutes) {
    if (path_fits(route.path, path) && method_fits(route.method, method)) return route;
  }
  return kRoutes.back();
}

namespace {

Provider infer_provider(const RequestHead& request) {
  const std::string_view path = request.path;
  if (path.starts_with("/v1internal") || path.starts_with("/v1/v1internal")) return Provider::kCloudCode;
  if (path.starts_with("/backend-api/")) return Provider::kChatGpt;
  if (path.starts_with("/v1") && (path.contains("/projects/") || path.contains("/publishers/google/")))
    return Provider::kVertex;
  if (path.starts_with("/projects/") && path.contains("/publishers/")) return Provider::kVertex;
  if (request.fields.get("authorization").starts_with("AWS4-")) return Provider::kBedrock;
  for (const std::string_view own : {"/model/", "/guardrail/", "/async-invoke"}) {
    if (path.starts_with(own)) return Provider::kBedrock;
  }
  if (request.fields.has("anthropic-version") || request.fields.has("x-api-key")) return Provider::kAnthropic;
  if (path == "/v1/messages" || path.starts_with("/v1/messages/")) return Provider::kAnthropic;
  if (request.fields.has("x-goog-api-key") || path.starts_with("/v1beta/")) return Provider::kGemini;
  return Provider::kOpenAi;
}

/// What stands between `before` and the next of `end` in a text; "" without it.
std::string_view part_behind(std::string_view text, std::string_view before, char end) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find(end));
}

/// Of Vertex the path says it, of Bedrock the scope of the signature (KEY/DATE/REGION/...).
std::string_view region_of(Provider provider, const RequestHead& request) {
  std::string_view region;
  if (provider == Provider::kVertex) region = part_behind(request.path, "/locations/", '/');
  if (provider == Provider::kBedrock) {
    region = part_behind(request.fields.get("authorization"), "Credential=", ',');
    for (int part = 0; part < 2; ++part) region = part_behind(region, "/", ',');
    region = region.substr(0, region.find('/'));
  }
  return is_region(region) ? region : std::string_view();
}

}  // namespace

Destination destination_of(const Route& route, const RequestHead& request) {
  Destination to;
  const bool said = route.action == Action::kCompressRelay && route.batch != Batch::kFile;
  to.provider = said ? route.provider : infer_provider(request);
  to.region = region_of(to.provider, request);
  const std::string_view path = request.path;
  switch (to.provider) {
    case Provider::kCloudCode:
      if (path.starts_with("/v1/v1internal")) to.path = path.substr(3);
      break;
    case Provider::kVertex:
      if (path.starts_with("/projects/")) to.path = "/v1" + std::string(path);
      break;
    case Provider::kOpenAi: {
      // A Codex that is logged in with ChatGPT says so, and its requests are for that, whatever base URL it was given.
      const bool account = request.fields.has("chatgpt-account-id");
      if (account) to.provider = Provider::kChatGpt;
      std::string_view rest = path;
      if (rest.starts_with("/v1/codex/")) {
        rest.remove_prefix(9);
      } else if (account && rest.starts_with("/v1/")) {
        rest.remove_prefix(3);
      } else if (!account) {
        break;
      }
      to.path = account ? "/backend-api/codex" : "/v1";
      to.path += rest;
      break;
    }
    default:
      break;
  }
  return to;
}

bool is_bedrock_invoke(std::string_view path) {
  return path.starts_with("/model/") && (path.ends_with("/invoke") || path.ends_with("/invoke-with-response-stream"));
}

std::string model_in_path(std::string_view path) {
  static constexpr std::string_view kModels = "/models/", kDeployments = "/deployments/", kModel = "/model/";
  if (path.starts_with(kModel)) {
    path.remove_prefix(kModel.size());
    return percent_decode(path.substr(0, path.rfind('/')));
  }
  if (const std::size_t at = path.find(kDeployments); at != std::string_view::npos) {
    path.remove_prefix(at + kDeployments.size());
    return std::string(path.substr(0, path.find('/')));
  }
  const std::size_t at = path.rfind(kModels);
  const std::size_t end = path.rfind(':');
  if (at == std::string_view::npos || end == std::string_view::npos || end < at + kModels.size()) return {};
  return std::string(path.substr(at + kModels.size(), end - at - kModels.size()));
}

}  // namespace headroom::proxy
