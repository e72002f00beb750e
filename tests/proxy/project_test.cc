// What a project's name does to a request: nothing for the provider, and everything for what is kept.
#include <string>

#include "base/hash.h"
#include "base/json_string.h"
#include "proxy_fixture.h"

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kAnswer =
    R"({"id":"m","type":"message","content":[],"usage":{"input_tokens":10,"output_tokens":2}})";

class ProjectTest : public ProxyTest {
 protected:
  void SetUp() override { start_answering(answer(kAnswer, "Content-Type: application/json\r\n")); }
  static std::string hash() { return base::content_id(*base::decode_json_string("\"" + escaped_rows(400) + "\"")); }
};

TEST_F(ProjectTest, ThePrefixAndTheHeaderNeverReachTheProvider) {
  const std::string body = anthropic_body();
  ask(post("/p/shop/v1/messages?beta=true", body));
  ask(post("/v1/messages?beta=true", body, "X-Headroom-Project: shop\r\n"));
  ask(get("/p/shop/v1/models/x"));
  const auto sent = upstream->requests();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_THAT(sent[0], testing::StartsWith("POST /v1/messages?beta=true HTTP/1.1\r\n"));
  EXPECT_EQ(sent[0], sent[1]);
  EXPECT_THAT(sent[1], Not(HasSubstr("shop")));
  EXPECT_THAT(sent[2], testing::StartsWith("GET /v1/models/x HTTP/1.1\r\n"));
}

TEST_F(ProjectTest, OriginalsAreFoundInTheirProjectOnly) {
  ask(post("/p/shop/v1/messages", anthropic_body()));
  EXPECT_EQ(status_of(ask(get("/p/shop/v1/retrieve/" + hash()))), 200);
  EXPECT_EQ(status_of(ask(get("/p/web/v1/retrieve/" + hash()))), 404);
  EXPECT_EQ(status_of(ask(get("/v1/retrieve/" + hash(), "x-headroom-project: web\r\n"))), 404);
  EXPECT_EQ(status_of(ask(get("/v1/retrieve/" + hash()))), 200) << "who names none asks for all";
  ask(post("/p/web/v1/messages", anthropic_body()));
  EXPECT_EQ(status_of(ask(get("/p/web/v1/retrieve/" + hash()))), 200) << "it sent the same bytes";
}

TEST_F(ProjectTest, FiguresAreByProject) {
  ask(post("/p/shop/v1/messages", anthropic_body()));
  ask(post("/v1/messages", R"({"model":"m","messages":[]})"));
  const std::string metrics = ask_until("/metrics", "\nheadroom_requests_total 2\n");
  EXPECT_THAT(metrics, HasSubstr("headroom_requests_by_project{project=\"shop\"} 1\n"));
  const std::string all = body_of(ask(get("/stats")));
  EXPECT_THAT(all, HasSubstr(R"("by_project":{"shop":{"requests":1,)"));
  const std::string shop = body_of(ask(get("/p/shop/stats")));
  EXPECT_THAT(shop, HasSubstr(R"("requests":{"total":1,)"));
  EXPECT_THAT(shop, HasSubstr(R"("ccr_entries":1,)"));
  const std::string web = body_of(ask(get("/p/web/stats")));
  EXPECT_THAT(web, HasSubstr(R"("requests":{"total":0,)"));
  EXPECT_THAT(web, HasSubstr(R"("ccr_entries":0,)"));
  EXPECT_THAT(web, Not(HasSubstr("shop")));
  EXPECT_THAT(web, Not(HasSubstr("claude")));
}

TEST_F(ProjectTest, APrefixOpensNothingThatIsClosed) {
  EXPECT_EQ(status_of(ask("GET /p/shop/stats HTTP/1.1\r\nHost: evil.example\r\n\r\n")), 403);
  EXPECT_EQ(status_of(ask(post("/p/shop/stats", "{}"))), 405);
  EXPECT_EQ(status_of(ask(get("/p/../stats"))), 400);
  EXPECT_EQ(status_of(ask(get("/p/shop/%2e%2e/stats"))), 400);
  EXPECT_TRUE(upstream->requests().empty());
}

}  // namespace
}  // namespace headroom::proxy_test
