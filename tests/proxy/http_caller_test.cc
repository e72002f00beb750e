#include "proxy/http_caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_net.h"

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;

/// What a server that says `answer` to everything, and closes then, is taken to say.
base::Result<aws::HttpAnswer> answer_of(std::string answer, aws::HttpCall call = {}, std::string* received = nullptr) {
  FakeUpstream upstream([&](TestSocket& socket) {
    const std::string request = socket.read_message();
    if (received != nullptr) *received = request;
    socket.send(answer);
  });
  call.url = upstream.url() + call.url;
  const auto http = proxy::make_http_caller({});
  return (*http)(call, {});
}

TEST(HttpCaller, SendsARequestAndReadsTheAnswer) {
  std::string received;
  aws::HttpCall call{"POST", "/a?b=c", {{"X-One", "1"}}, "body"};
  const auto answer = answer_of(
      "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", call, &received);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "abcde");
  EXPECT_THAT(received, testing::StartsWith("POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(received, HasSubstr("\r\nX-One: 1\r\nContent-Length: 4\r\n\r\nbody"));
}

TEST(HttpCaller, ReadsToTheEndWhereNoLengthIsGiven) {
  const auto answer = answer_of("HTTP/1.1 200 OK\r\n\r\nall of it");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "all of it");
}

TEST(HttpCaller, DoesNotFollowARedirection) {
  const auto answer = answer_of("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
}

TEST(HttpCaller, TakesNoHalfAnswer) {
  for (const char* broken :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}) {
    EXPECT_FALSE(answer_of(broken)) << broken;
  }
  EXPECT_FALSE(answer_of("HTTP/1.1 200 OK\r\n\r\n" + std::string(3 << 20, 'x'))) << "not without end";
}

TEST(HttpCaller, GivesUpInTimeAndWhenItIsStopped) {
  FakeUpstream silent([](TestSocket& socket) {
    socket.read_message();
    socket.read_message();
  });
  const auto http = proxy::make_http_caller({});
  aws::HttpCall call;
  call.url = silent.url() + "/";
  call.timeout = std::chrono::milliseconds(50);
  const auto late = (*http)(call, {});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, base::ErrorCode::kTimeout);
  call.timeout = std::chrono::minutes(10);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE((*http)(call, stop.get_token()));
}

TEST(HttpCaller, AnAddressThatIsNoneIsRefused) {
  const auto http = proxy::make_http_caller({});
  for (const char* url : {"", "x", "ftp://127.0.0.1/", "http://127.0.0.1:1/a b", "http://127.0.0.1:1/a\r\nX: y",
                          "http://u:p@127.0.0.1:1/"}) {
    const auto answer = (*http)({"GET", url}, {});
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().code, base::ErrorCode::kInvalidArgument) << url;
  }
}

}  // namespace
}  // namespace headroom::proxy_test
