// docs/ROUTES.md says of every route who may use it, and says no other.
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "proxy/routes.h"

namespace headroom::proxy {
namespace {

std::string_view name_of(Guard guard) {
  switch (guard) {
    case Guard::kClosed:
      return "closed";
    case Guard::kLocal:
      return "local";
    case Guard::kLocalWrite:
      return "local write";
    case Guard::kAdmin:
      return "admin";
    case Guard::kRelay:
      return "relay";
    case Guard::kOpen:
      return "open";
  }
  return "";
}

// Lines of the table, each without what is said of it in its last column.
std::vector<std::string> documented() {
  std::ifstream file(std::string(HEADROOM_SOURCE_DIR) + "/docs/ROUTES.md");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const std::size_t guard = line.find(" | ");
    const std::size_t what = guard == std::string::npos ? guard : line.find(" | ", guard + 1);
    EXPECT_NE(what, std::string::npos) << line;
    lines.push_back(line.substr(0, what));
  }
  return lines;
}

TEST(RoutesDoc, NamesEveryRouteWithItsGuardInOrder) {
  const std::vector<std::string> lines = documented();
  const auto routes = all_routes();
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const Route& route = routes[i];
    const std::string_view method = route.method.empty() ? std::string_view("any") : route.method;
    const std::string wanted = fmt::format("| `{} {}` | {}", method, route.path, name_of(route.guard));
    ASSERT_LT(i, lines.size()) << "docs/ROUTES.md lacks: " << wanted;
    EXPECT_EQ(lines[i], wanted) << "line " << i + 1 << " of the table in docs/ROUTES.md";
  }
  EXPECT_EQ(lines.size(), routes.size()) << "docs/ROUTES.md names a route that there is not";
}

}  // namespace
}  // namespace headroom::proxy
