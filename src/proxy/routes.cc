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
  if (!wanted.ends_with('*')) return wanted == path;
  wanted.remove_suffix(1);
  return path.starts_with(wanted);
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
  return anthropic ? Provider::kAnthropic : Provider::kOpenAi;
}

}  // namespace headroom::proxy
