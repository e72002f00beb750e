#include "proxy/routes.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

TEST(Routes, OnlyTheRelayAndWhatSaysAliveAreForOthers) {
  const std::set<std::string_view> open{"/livez", "/readyz", "/health"};
  for (const Route& route : all_routes()) {
    SCOPED_TRACE(std::string(route.method) + " " + std::string(route.path));
    EXPECT_NE(route.guard, Guard::kClosed) << "names no guard";
    EXPECT_EQ(route.guard == Guard::kRelay, is_relayed(route));
    if (route.guard == Guard::kOpen) {
      EXPECT_TRUE(open.contains(route.path));
    }
    if (!is_relayed(route) && !route.method.empty() && route.method != "GET" && route.method != "CONNECT") {
      EXPECT_TRUE(route.guard == Guard::kLocalWrite || route.guard == Guard::kAdmin);
    }
    if (route.path.starts_with("/admin")) {
      EXPECT_TRUE(route.guard == Guard::kAdmin || route.action == Action::kWrongMethod || route.method == "GET");
    }
  }
}

TEST(Routes, ProvidersAreToldByPath) {
  const auto provider = [](std::string_view path) { return find_route("POST", path).provider; };
  EXPECT_EQ(provider("/v1beta/models/gemini-2.5-pro:generateContent"), Provider::kGemini);
  EXPECT_EQ(provider("/v1/models/gemini-2.5-pro:streamGenerateContent"), Provider::kGemini);
  EXPECT_EQ(provider("/v1internal:streamGenerateContent"), Provider::kCloudCode);
  EXPECT_EQ(provider("/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent"),
            Provider::kVertex);
  EXPECT_EQ(find_route("POST", "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict").api,
            wire::Api::kAnthropicMessages);
  EXPECT_EQ(provider("/v1/responses"), Provider::kOpenAi);
  EXPECT_EQ(provider("/backend-api/codex/responses"), Provider::kChatGpt);
  EXPECT_EQ(find_route("POST", "/v1beta/models/gemini-2.5-pro:embedContent").action, Action::kRelay);
  EXPECT_EQ(model_in_path("/v1beta/models/gemini-2.5-pro:generateContent"), "gemini-2.5-pro");
  EXPECT_EQ(model_in_path("/v1/messages"), "");
}

// A mistyped request for own data does not go to a provider.
TEST(Routes, NoOwnPathIsRelayedUnderAnyMethod) {
  for (const Route& route : all_routes()) {
    if (is_relayed(route) || route.path == "*") continue;
    std::string path(route.path);
    if (path.ends_with('*')) path.back() = 'x';
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
      EXPECT_FALSE(is_relayed(find_route(method, path))) << method << " " << path;
    }
  }
}

}  // namespace
}  // namespace headroom::proxy
