#include "base/json_document.h"
#include "proxy_fixture.h"

// Own endpoints that tell of the past and of the process, and paths that no provider may get.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class OwnRoutesTest : public ProxyTest {
 protected:
  void start_here() { start_answering(answer("{}", "Content-Type: application/json\r\n")); }
  static std::string post_nothing(std::string_view target) { return post(target, ""); }
};

TEST_F(OwnRoutesTest, TheHistoryAddsUp) {
  start_here();
  const std::string reply = ask(post("/v1/messages", anthropic_body()));
  const long before = std::stol(header(reply, "x-headroom-tokens-before"));
  const long after = std::stol(header(reply, "x-headroom-tokens-after"));
  const std::string sums = fmt::format(R"("requests":1,"tokens_before":{},"tokens_after":{},"tokens_saved":{})", before,
                                       after, before - after);
  const std::string history = body_of(ask_until("/stats-history", sums));
  EXPECT_TRUE(base::JsonDocument::parse(history));
  EXPECT_THAT(history, HasSubstr(R"({"schema_version":1,"generated_at":")"));
  EXPECT_THAT(history, HasSubstr(R"("lifetime":{)" + sums + "}"));
  EXPECT_THAT(history, HasSubstr(fmt::format(R"("total_tokens_saved":{})", before - after)));
  for (const std::string_view series : {"hourly", "daily", "weekly", "monthly"}) {
    EXPECT_THAT(history, HasSubstr(fmt::format(R"("{}":[{{"timestamp":"2)", series)));
  }
  EXPECT_THAT(history, HasSubstr(R"("by_model":{"claude-sonnet-4-5":{)" + sums + "}}"));
  EXPECT_THAT(history, HasSubstr(R"("complete":true)"));
}

TEST_F(OwnRoutesTest, TheHistoryAsATable) {
  start_here();
  ask(post("/v1/messages", anthropic_body()));
  ask_until("/stats-history", R"("requests":1,)");
  const std::string reply = ask(get("/stats-history?format=csv&series=monthly"));
  EXPECT_EQ(header(reply, "content-type"), "text/csv; charset=utf-8");
  EXPECT_THAT(body_of(reply), MatchesRegex("timestamp,requests,tokens_before,tokens_after,tokens_saved\n"
                                           "2[0-9]+-[0-9]+-01T00:00:00Z,1,[0-9]+,[0-9]+,[0-9]+\n"));
  EXPECT_EQ(status_of(ask(get("/stats-history?series=yearly"))), 400);
  EXPECT_EQ(status_of(ask(get("/stats-history?format=xml"))), 400);
}

TEST_F(OwnRoutesTest, WhatTheProcessHolds) {
  start_here();
  const std::string body = body_of(ask(get("/debug/memory")));
  const auto document = base::JsonDocument::parse(body);
  ASSERT_TRUE(document);
  const auto* memory = document->find(document->root(), "process_memory");
  ASSERT_NE(memory, nullptr);
  EXPECT_GT(std::stol(std::string(document->find(*memory, "rss")->raw)), 1 << 20);
}

TEST_F(OwnRoutesTest, NoProviderGetsWhatIsMeantForAProxyOfThisName) {
  start_here();
  EXPECT_EQ(body_of(ask(post_nothing("/cache/clear"))), R"({"status":"cache disabled"})");
  for (const std::string_view path : {"/dashboard", "/dashboard/static/a.js", "/settings/schema", "/debug/tasks",
                                      "/transformations/feed", "/v1/feedback", "/v1/telemetry/tools", "/favicon.ico"}) {
    EXPECT_EQ(status_of(ask(get(path))), 404) << path;
  }
  EXPECT_EQ(status_of(ask(post_nothing("/stats/reset"))), 404);
  EXPECT_EQ(status_of(ask(post_nothing("/stats-history"))), 405);
  EXPECT_EQ(status_of(ask(get("/cache/clear"))), 405);
  EXPECT_EQ(upstream->connections(), 0);
  EXPECT_EQ(status_of(ask("GET /stats-history HTTP/1.1\r\nHost: rebound.example\r\n\r\n")), 403);
}

}  // namespace
}  // namespace headroom::proxy_test
