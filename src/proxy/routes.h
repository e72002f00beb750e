#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proxy/guard.h"
#include "proxy/http_head.h"
#include "proxy/provider.h"
#include "wire/conversation.h"

namespace headroom::proxy {

/// What is done with a request.
enum class Action {
  kCompressRelay,  ///< compress the body, relay it and the answer
  kRelay,          ///< relay verbatim
  kCompressApi,
  kRetrieve,
  kRetrieveStats,
  kRetrieveToolCall,
  kLearnedStats,
  kLearnedPatterns,
  kLearnedPattern,
  kLive,
  kReady,
  kHealth,
  kStats,
  kMetrics,
  kHistory,
  kMemory,
  kCacheClear,
  kNotHere,  ///< what other proxies of this name serve, and no provider does: 404, never relayed
  kRuntimeEnv,
  kSocketRelay,  ///< relayed; where it opens a WebSocket, the requests in that are made smaller
  kWrongMethod,  ///< a path of ours under another method: refused, never relayed
};

/// What holds many requests to a model at once, none of which is answered now.
enum class Batch {
  kNone,
  kAnthropic,  ///< a list of requests
  kGemini,     ///< a list of requests, or the name of a file
  kFile,       ///< OpenAI's: a file that is uploaded, which may be something else
};

struct Route {
  std::string_view method;  ///< "" any; "GET" answers HEAD, too
  std::string_view path;    ///< a '*' matches any text
  Action action = Action::kRelay;
  Guard guard = Guard::kClosed;
  Provider provider = Provider::kAnthropic;       ///< kCompressRelay
  wire::Api api = wire::Api::kAnthropicMessages;  ///< kCompressRelay, kSocketRelay; see is_bedrock_invoke()
  bool counts = false;                            ///< asks how many tokens a request has; nothing is generated
  Batch batch = Batch::kNone;
};

/// The path under which Bedrock counts the tokens of another request.
inline constexpr std::string_view kBedrockCount = "/model/*/count-tokens";

/// It goes to a provider.
constexpr bool is_relayed(const Route& route) {
  return route.action == Action::kRelay || route.action == Action::kCompressRelay ||
         route.action == Action::kSocketRelay;
}

/// All of them, in order.
std::span<const Route> all_routes();

/// The first route of the table that fits; the last one fits everything.
const Route& find_route(std::string_view method, std::string_view path);

/// Where a request goes.
struct Destination {
  Provider provider = Provider::kOpenAi;
  std::string path;    ///< the provider's own; empty: as the client wrote it
  std::string region;  ///< that the request names; empty: none
};

/// By the route, and for unlisted requests by their headers and path.
Destination destination_of(const Route& route, const RequestHead& request);

/// The model of ".../models/MODEL:method" or Bedrock's "/model/MODEL/method", or the deployment of Azure's
/// ".../deployments/NAME/...", without escapes; "" for other paths.
std::string model_in_path(std::string_view path);

/// A path of Bedrock's own on which the body is what the model's provider made of it.
bool is_bedrock_invoke(std::string_view path);

}  // namespace headroom::proxy
