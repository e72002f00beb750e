#include "proxy/project.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

struct Taken {
  std::string project, path;
};

Taken take(std::string_view target, std::string_view fields = "") {
  auto head = parse_request_head(fmt::format("POST {} HTTP/1.1\r\nHost: h\r\n{}\r\n", target, fields));
  if (!head) return {"unparsed", ""};
  const auto project = take_project(*head);
  return {project ? *project : fmt::format("refused {}", project.error().status), std::string(head->path)};
}

TEST(Project, IsTakenFromThePathOrAHeader) {
  EXPECT_EQ(take("/p/shop/v1/messages?beta=true").project, "shop");
  EXPECT_EQ(take("/p/shop/v1/messages?beta=true").path, "/v1/messages");
  EXPECT_EQ(take("/p/caf%C3%A9%20a+b/stats").project, "caf\xC3\xA9 a+b");
  EXPECT_EQ(take("/v1/messages", "X-Headroom-Project: web\r\n").project, "web");
  EXPECT_EQ(take("/v1/messages", "X-Headroom-Project-Id: 7\r\n").project, "7");
  EXPECT_EQ(take("/p/shop/v1/messages", "X-Headroom-Project: web\r\n").project, "shop") << "the path is nearer";
}

TEST(Project, NamedByNothingIsEmpty) {
  EXPECT_EQ(take("/v1/messages").project, "");
  EXPECT_EQ(take("/p/alone").project, "") << "no path is left for it";
  EXPECT_EQ(take("/p/alone").path, "/p/alone");
  EXPECT_EQ(take("/projects/x/locations/y").path, "/projects/x/locations/y");
}

TEST(Project, ThatCannotBeANameIsRefused) {
  for (const char* target : {"/p//stats", "/p/../stats", "/p/%2e%2e/stats", "/p/a%2Fb/stats", "/p/a%00b/stats",
                             "/p/%FF/stats", "/p/a%0Ab/stats"}) {
    EXPECT_EQ(take(target).project, "refused 400") << target;
  }
  EXPECT_EQ(take("/p/" + std::string(129, 'a') + "/stats").project, "refused 400");
  EXPECT_EQ(take("/stats", "X-Headroom-Project: a/b\r\n").project, "refused 400");
}

}  // namespace
}  // namespace headroom::proxy
