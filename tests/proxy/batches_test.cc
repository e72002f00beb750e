#include "base/json_document.h"
#include "proxy_fixture.h"

// Batches: what of their requests is compressed, and what is relayed.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class BatchesTest : public ProxyTest {
 protected:
  void start_here() {
    start_answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  }
  std::string sent() const { return upstream->requests().back(); }
  static std::string batch_of(std::string_view first, std::string_view second) {
    return fmt::format(
        R"({{"requests":[{{"custom_id":"a","params":{}}},{{"params":{}, "custom_id" : "b","x":1.0e0}}]}})", first,
        second);
  }
};

TEST_F(BatchesTest, EachRequestIsCompressedWithoutLoss) {
  start_here();
  const std::string body = batch_of(anthropic_body(400), anthropic_body(300));
  const std::string reply = ask(post("/v1/messages/batches", body, "x-api-key: k\r\n"));
  EXPECT_EQ(status_of(reply), 200);
  const std::string got = body_of(sent());
  EXPECT_TRUE(base::JsonDocument::parse(got));
  EXPECT_LT(got.size() * 10, body.size() * 9);
  EXPECT_THAT(got, Not(HasSubstr("<<ccr:"))) << "nobody could get it back in a batch";
  EXPECT_THAT(got,
              HasSubstr(R"({"requests":[{"custom_id":"a","params":{"model":"claude-sonnet-4-5", "max_tokens":1.0e2,)"));
  EXPECT_TRUE(got.ends_with(R"(}, "custom_id" : "b","x":1.0e0}]})")) << got.substr(got.size() - 60);
  EXPECT_LT(std::stoll(header(reply, "x-headroom-tokens-after")),
            std::stoll(header(reply, "x-headroom-tokens-before")));
}

TEST_F(BatchesTest, WhatIsNoBatchIsRelayed) {
  start_here();
  for (const std::string_view body : {R"({"requests":7})", R"({"requests":[1,{"params":[]}]})", "[]", "no JSON"}) {
    ask(post("/v1/messages/batches", body));
    EXPECT_EQ(body_of(sent()), body);
  }
  ask(post("/v1/messages/batches/b1/cancel", ""));
  EXPECT_THAT(sent(), HasSubstr("POST /v1/messages/batches/b1/cancel HTTP/1.1\r\n"));
  ask(get("/v1/messages/batches/b1/results"));
  EXPECT_THAT(sent(), HasSubstr("GET /v1/messages/batches/b1/results HTTP/1.1\r\n"));
}

TEST_F(BatchesTest, ABatchLargerThanWhatIsReadIsRelayed) {
  options.max_body_mb = 1;
  start_here();
  const std::string body = batch_of(anthropic_body(12'000), anthropic_body(12'000));
  ASSERT_GT(body.size(), 1U << 20);
  ask(post("/v1/messages/batches", body));
  EXPECT_EQ(body_of(sent()), body);
}

}  // namespace
}  // namespace headroom::proxy_test
