#include "proxy/routes.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

bool is_relayed(const Route& route) {
  return route.action == Action::kRelay || route.action == Action::kCompressRelay;
}

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
