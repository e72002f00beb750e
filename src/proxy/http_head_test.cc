#include "proxy/http_head.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

TEST(ScanHead, FindsTheEndHoweverTheBytesCome) {
  const std::string text = "GET / HTTP/1.1\r\nA: b\r\n\r\nrest";
  HeadScan scan;
  for (std::size_t size = 1; size <= text.size() && scan.state == HeadScan::State::kNeedMore; ++size) {
    scan_head(std::string_view(text).substr(0, size), scan);
  }
  EXPECT_EQ(scan.state, HeadScan::State::kComplete);
  EXPECT_EQ(scan.size, text.size() - 4);
}

TEST(ScanHead, BareLineFeedIsMalformed) {
  HeadScan scan;
  scan_head("GET / HTTP/1.1\n", scan);
  EXPECT_EQ(scan.state, HeadScan::State::kMalformed);
}

TEST(RequestHead, KeepsOrderCaseAndRepetition) {
  const auto head = parse_request_head("POST http://h:1/a/b?c=d HTTP/1.1\r\nhOst: h\r\nX:\t a b \r\nx: 2\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->path, "/a/b");
  EXPECT_EQ(head->query, "c=d");
  ASSERT_EQ(head->fields.size(), 3U);
  EXPECT_EQ(head->fields.begin()->name, "hOst");
  EXPECT_EQ(head->fields.get("X"), "a b");
  EXPECT_EQ(head->fields.count("x"), 2U);
}

TEST(RequestHead, KeepAliveFollowsVersionAndConnection) {
  const auto keeps = [](const char* text) { return parse_request_head(text)->keep_alive(); };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestHead, RefusesWhatIsNotHttp) {
  for (const char* text : {"GET /\r\n\r\n", "GET  HTTP/1.1\r\nHost: h\r\n\r\n", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
                           "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n",
                           "GET / HTTP/1.1\r\nHost: h\r\nA: \x01\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
                           "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
                           "GET / HTTP/1.1\r\nHost: h\r\nA:\r\n\tc\r\n\r\n", "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
                           "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                           "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    const auto head = parse_request_head(text);
    ASSERT_FALSE(head) << text;
    EXPECT_EQ(head.error().status, 400) << text;
  }
}

TEST(RequestHead, OtherVersionsAreNamedAsSuch) {
  EXPECT_EQ(parse_request_head("GET / HTTP/1.2\r\nHost: h\r\n\r\n").error().status, 505);
  EXPECT_EQ(parse_request_head("GET / HTTP/2.0\r\nHost: h\r\n\r\n").error().status, 505);
}

TEST(RequestHead, TakesWhatIsUnusualButRight) {
  const auto head =
      parse_request_head("M! * HTTP/1.1\r\nHost:\r\nConnection: \r\nConnection: a, ,b\r\nX: \xff\r\n\r\n");
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->fields.get("x"), "\xff");
  EXPECT_TRUE(head->fields.lists("connection", "b"));
}

TEST(ResponseHead, FieldsOfOneNameStayWhereTheyAre) {
  const auto head =
      parse_response_head("HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nVary: b\r\nset-cookie: c\r\nVARY: d\r\n\r\n");
  ASSERT_TRUE(head);
  std::string order;
  for (const Field& field : head->fields) order.append(field.name).append("=").append(field.value).append(" ");
  EXPECT_EQ(order, "Set-Cookie=a Vary=b set-cookie=c VARY=d ");
}

TEST(ResponseHead, TakesAnEmptyReason) {
  const auto head = parse_response_head("HTTP/1.1 204 \r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 204);
  EXPECT_TRUE(parse_response_head("HTTP/1.0 404\r\n\r\n"));
  EXPECT_FALSE(parse_response_head("HTTP/1.1 2x4 OK\r\n\r\n"));
  EXPECT_FALSE(parse_response_head("HTTP/2 200 OK\r\n\r\n"));
}

}  // namespace
}  // namespace headroom::proxy
