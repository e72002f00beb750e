#include <atomic>
#include <string>

#include "proxy_fixture.h"

// --response-cache: the same request again gets the same answer, and the provider is not asked.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class CacheTest : public ProxyTest {
 protected:
  /// An upstream that numbers its answers.
  void start_numbering(std::string fields = "Content-Type: application/json\r\n", int status = 200) {
    start([this, fields, status](TestSocket& socket) {
      for (std::string request = socket.read_message(); !request.empty(); request = socket.read_message()) {
        const std::string body = fmt::format("{{\"n\":{}}}", ++asked_);
        socket.send(fmt::format("HTTP/1.1 {} X\r\n{}Content-Length: {}\r\n\r\n{}", status, fields, body.size(), body));
      }
    });
  }
  std::string send(std::string_view body, std::string_view headers = "x-api-key: a\r\n") {
    return ask(post("/v1/messages", body, headers));
  }
  std::atomic<int> asked_ = 0;
};

TEST_F(CacheTest, TheSameRequestGetsTheSameAnswerUntilItIsTooOld) {
  options.response_cache = 60;
  start_numbering();
  const std::string body = anthropic_body();
  EXPECT_THAT(send(body), HasSubstr("{\"n\":1}"));
  const std::string again = send(body);
  EXPECT_THAT(again, HasSubstr("{\"n\":1}"));
  EXPECT_THAT(again, HasSubstr("x-headroom-cached: true\r\n"));
  EXPECT_THAT(again, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(ask_until("/stats", "\"hits\":1"), HasSubstr(R"("cache":{"window":"process","enabled":true)"));
  EXPECT_THAT(ask(get("/metrics")), HasSubstr("headroom_requests_cached_total 1\n"));
}

TEST_F(CacheTest, WhateverMayChangeAnAnswerMakesItAnotherOne) {
  options.response_cache = 60;
  start_numbering();
  const std::string body = anthropic_body();
  send(body);
  EXPECT_THAT(send(body + " "), HasSubstr("{\"n\":2}")) << "a byte more";
  EXPECT_THAT(send(body, "x-api-key: b\r\n"), HasSubstr("{\"n\":3}")) << "somebody else";
  const std::string token = "authorization: Bearer eyJhbGciOiJub25lIn0.";
  EXPECT_THAT(send(body, token + "YQ.alice\r\n"), HasSubstr("{\"n\":4}"));
  EXPECT_THAT(send(body, token + "YQ.mallory\r\n"), HasSubstr("{\"n\":5}")) << "a token that begins alike";
  EXPECT_THAT(send(body, token + "YQ.alice\r\nx-stainless-retry-count: 1\r\n"), HasSubstr("{\"n\":4}"));
  asked_ = 3;
  EXPECT_THAT(send(body, "x-api-key: a\r\nanthropic-beta: x\r\n"), HasSubstr("{\"n\":4}"));
  EXPECT_THAT(send(body, "x-api-key: a\r\nCache-Control: no-cache\r\n"), HasSubstr("{\"n\":5}"));
  EXPECT_THAT(ask(post("/v1/messages?beta=true", body, "x-api-key: a\r\n")), HasSubstr("{\"n\":6}"));
  EXPECT_THAT(send(body), HasSubstr("{\"n\":1}"));
}

TEST_F(CacheTest, OnlyWholeSuccessesAreKept) {
  options.response_cache = 60;
  start_numbering("Content-Type: application/json\r\n", 429);
  send(anthropic_body());
  EXPECT_THAT(send(anthropic_body()), HasSubstr("{\"n\":2}"));
}

TEST_F(CacheTest, StreamsAreNotKept) {
  options.response_cache = 60;
  start_numbering("Content-Type: text/event-stream\r\n");
  send(anthropic_body());
  EXPECT_THAT(send(anthropic_body()), HasSubstr("{\"n\":2}"));
}

TEST_F(CacheTest, NothingIsKeptUnlessItIsSwitchedOn) {
  start_numbering();
  send(anthropic_body());
  const std::string again = send(anthropic_body());
  EXPECT_THAT(again, HasSubstr("{\"n\":2}"));
  EXPECT_THAT(again, Not(HasSubstr("x-headroom-cached")));
}

}  // namespace
}  // namespace headroom::proxy_test
