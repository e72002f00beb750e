#include "proxy/routes.h"

#include <algorithm>
#include <array>

namespace headroom::proxy {
namespace {

using wire::Api;

// Order matters: the first match counts. The paths of our own are never relayed, whatever the method, so that a
// mistyped request for own data does not go to a provider: their second line, without a method, refuses.
constexpr std::array kRoutes{
    Route{"POST", "/v1/messages", Action::kCompressRelay, Guard::kRelay, Provider::kAnthropic, Api::kAnthropicMessages},
    Route{"POST", "/v1/messages/count_tokens", Action::kCompressRelay, Guard::kRelay, Provider::kAnthropic,
          Api::kAnthropicMessages},
    Route{"POST", "/v1/chat/completions", Action::kCompressRelay, Guard::kRelay, Provider::kOpenAi, Api::kOpenAiChat},
    Route{"POST", "/chat/completions", Action::kCompressRelay, Guard::kRelay, Provider::kOpenAi, Api::kOpenAiChat},
    Route{"POST", "/v1/responses", Action::kCompressRelay, Guard::kRelay, Provider::kOpenAi, Api::kOpenAiResponses},
    Route{"POST", "/responses", Action::kCompressRelay, Guard::kRelay, Provider::kOpenAi, Api::kOpenAiResponses},
    Route{"POST", "/backend-api/codex/responses", Action::kCompressRelay, Guard::kRelay, Provider::kChatGpt,
          Api::kOpenAiResponses},
    Route{"POST", "/backend-api/responses", Action::kCompressRelay, Guard::kRelay, Provider::kChatGpt,
          Api::kOpenAiResponses},
    Route{"GET", "/v1/responses", Action::kNoWebSocket, Guard::kRelay},
    Route{"GET", "/backend-api/codex/responses", Action::kNoWebSocket, Guard::kRelay},
    Route{"GET", "/backend-api/responses", Action::kNoWebSocket, Guard::kRelay},
    Route{"POST", "/v1*/projects/*/models/*:generateContent", Action::kCompressRelay, Guard::kRelay, Provider::kVertex,
          Api::kGeminiGenerate},
    Route{"POST", "/v1*/projects/*/models/*:streamGenerateContent", Action::kCompressRelay, Guard::kRelay,
          Provider::kVertex, Api::kGeminiGenerate},
    Route{"POST", "/v1*/projects/*/models/*:countTokens", Action::kCompressRelay, Guard::kRelay, Provider::kVertex,
          Api::kGeminiGenerate},
    Route{"POST", "/v1*/projects/*/publishers/anthropic/models/*:rawPredict", Action::kCompressRelay, Guard::kRelay,
          Provider::kVertex, Api::kAnthropicMessages},
    Route{"POST", "/v1*/projects/*/publishers/anthropic/models/*:streamRawPredict", Action::kCompressRelay,
          Guard::kRelay, Provider::kVertex, Api::kAnthropicMessages},
    Route{"POST", "/v1*/models/*:generateContent", Action::kCompressRelay, Guard::kRelay, Provider::kGemini,
          Api::kGeminiGenerate},
    Route{"POST", "/v1*/models/*:streamGenerateContent", Action::kCompressRelay, Guard::kRelay, Provider::kGemini,
          Api::kGeminiGenerate},
    Route{"POST", "/v1*/models/*:countTokens", Action::kCompressRelay, Guard::kRelay, Provider::kGemini,
          Api::kGeminiGenerate},
    Route{"POST", "/v1internal:generateContent", Action::kCompressRelay, Guard::kRelay, Provider::kCloudCode,
          Api::kGeminiGenerate},
    Route{"POST", "/v1internal:streamGenerateContent", Action::kCompressRelay, Guard::kRelay, Provider::kCloudCode,
          Api::kGeminiGenerate},
    Route{"POST", "/v1/compress", Action::kCompressApi, Guard::kLocalWrite},
    Route{"GET", "/v1/retrieve/stats", Action::kRetrieveStats, Guard::kLocal},
    Route{"GET", "/v1/retrieve/*", Action::kRetrieve, Guard::kLocal},
    Route{"GET", "/v1/retrieve", Action::kRetrieve, Guard::kLocal},
    Route{"POST", "/v1/retrieve", Action::kRetrieve, Guard::kLocalWrite},
    Route{"GET", "/livez", Action::kLive, Guard::kOpen},
    Route{"GET", "/readyz", Action::kReady, Guard::kOpen},
    Route{"GET", "/health", Action::kHealth, Guard::kOpen},
    Route{"GET", "/stats", Action::kStats, Guard::kLocal},
    Route{"GET", "/metrics", Action::kMetrics, Guard::kLocal},
    Route{"GET", "/admin/runtime-env", Action::kRuntimeEnv, Guard::kLocal},
    Route{"POST", "/admin/runtime-env", Action::kRuntimeEnv, Guard::kAdmin},
    Route{"", "/admin/*", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/v1/compress", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/v1/retrieve", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/v1/retrieve/*", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/livez", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/readyz", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/health", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/stats", Action::kWrongMethod, Guard::kLocal},
    Route{"", "/metrics", Action::kWrongMethod, Guard::kLocal},
    Route{"CONNECT", "*", Action::kWrongMethod, Guard::kLocal},  // this is no forward proxy
    Route{"", "*", Action::kRelay, Guard::kRelay},
};

// A route whose guard was forgotten does not compile.
static_assert(std::ranges::none_of(kRoutes, [](const Route& route) { return route.guard == Guard::kClosed; }));

bool method_fits(std::string_view wanted, std::string_view method) {
  return wanted.empty() || wanted == method || (wanted == "GET" && method == "HEAD");
}

bool path_fits(std::string_view wanted, std::string_view path) {
  const std::size_t star = wanted.find('*');
  if (star == std::string_view::npos) return wanted == path;
  if (!path.starts_with(wanted.substr(0, star))) return false;
  wanted.remove_prefix(star + 1);
  path.remove_prefix(star);
  if (wanted.empty()) return true;
  for (std::size_t at = 0; at <= path.size(); ++at) {
    if (path_fits(wanted, path.substr(at))) return true;
  }
  return false;
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

Provider infer_provider(const RequestHead& request) {
  const bool anthropic = request.fields.has("anthropic-version") || request.fields.has("x-api-key") ||
                         request.path == "/v1/messages" || request.path.starts_with("/v1/messages/");
  if (anthropic) return Provider::kAnthropic;
  if (request.path.starts_with("/v1internal")) return Provider::kCloudCode;
  if (request.path.starts_with("/backend-api/")) return Provider::kChatGpt;
  if (request.path.starts_with("/v1") && request.path.find("/projects/") != std::string_view::npos)
    return Provider::kVertex;
  const bool gemini = request.fields.has("x-goog-api-key") || request.path.starts_with("/v1beta/");
  return gemini ? Provider::kGemini : Provider::kOpenAi;
}

std::string_view model_in_path(std::string_view path) {
  static constexpr std::string_view kModels = "/models/";
  const std::size_t at = path.rfind(kModels);
  const std::size_t end = path.rfind(':');
  if (at == std::string_view::npos || end == std::string_view::npos || end < at + kModels.size()) return {};
  return path.substr(at + kModels.size(), end - at - kModels.size());
}

}  // namespace headroom::proxy
