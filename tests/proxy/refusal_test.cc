#include "proxy_fixture.h"

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;

struct Refused {
  const char* name;
  const char* request;
  int status;
};

// What two servers could read differently is read by none.
class RefusalTest : public ProxyTest, public testing::WithParamInterface<Refused> {};

TEST_P(RefusalTest, NeverReachesTheUpstream) {
  start_answering(answer("{}"));
  TestSocket socket = client();
  socket.send(GetParam().request);
  const std::string reply = socket.read_to_end();
  EXPECT_EQ(status_of(reply), GetParam().status) << reply;
  EXPECT_EQ(reply.find("}HTTP/1.1 "), std::string::npos) << "a second answer: " << reply;
  EXPECT_THAT(upstream->requests(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Smuggling, RefusalTest,
    testing::Values(
        Refused{"LengthAndChunked",
                "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: "
                "chunked\r\n\r\n0\r\n\r\nGET "
                "/y HTTP/1.1\r\nHost: localhost\r\n\r\n",
                400},
        Refused{"TwoLengths", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                400},
        Refused{"SignedLength", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\nx", 400},
        Refused{"OtherCoding", "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                501},
        Refused{"ChunkedInHttp10", "POST /x HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400},
        Refused{"SpaceBeforeColon", "GET /x HTTP/1.1\r\nHost: localhost\r\nX-A : 1\r\n\r\n", 400},
        Refused{"FoldedLine", "GET /x HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n 2\r\n\r\n", 400},
        Refused{"BareLineFeed", "GET /x HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n", 400},
        Refused{"TwoHosts", "GET /x HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n", 400},
        Refused{"NoHost", "GET /x HTTP/1.1\r\n\r\n", 400}, Refused{"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        Refused{"BrokenChunk",
                "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400}),
    [](const auto& test) { return test.param.name; });

TEST_F(ProxyTest, LargeHeadIs431) {
  start_answering(answer("{}"));
  EXPECT_EQ(status_of(ask(get("/x", "X-Long: " + std::string(70'000, 'x') + "\r\n"))), 431);
}

TEST_F(ProxyTest, LargeBodyIs413AndTheLimitIsTheOption) {
  options.max_body_mb = 1;
  start_answering(answer("{}"));
  const std::string announced = ask("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_EQ(status_of(announced), 413);
  EXPECT_THAT(announced, HasSubstr("--max-body-mb"));
  EXPECT_EQ(status_of(ask(post("/v1/messages", std::string(1'048'576, ' ')))), 200);
  const std::string chunked = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
                              fmt::format("{:x}\r\n", 1'048'577) + std::string(1'048'577, ' ') + "\r\n0\r\n\r\n";
  EXPECT_EQ(status_of(ask(chunked)), 413);
}

TEST_F(ProxyTest, StalledHeadAndBodyTimeOut) {
  limits.head_timeout = limits.body_timeout = std::chrono::milliseconds(60);
  start_answering(answer("{}"));
  TestSocket head = client();
  head.send("GET /x HTTP/1.1\r\nHo");
  EXPECT_EQ(status_of(head.read_to_end()), 408);
  TestSocket body = client();
  body.send("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n{");
  EXPECT_EQ(status_of(body.read_to_end()), 408);
  EXPECT_THAT(upstream->requests(), testing::IsEmpty());
}

TEST_F(ProxyTest, IdleClientIsLetGo) {
  limits.keep_alive_timeout = std::chrono::milliseconds(60);
  start_answering(answer("{}"));
  TestSocket socket = client();
  socket.send(get("/x"));
  EXPECT_EQ(status_of(socket.read_message()), 200);
  EXPECT_TRUE(socket.sees_end());
}

TEST_F(ProxyTest, OwnDataIsForLoopbackNamesOnly) {
  start_answering(answer("{}"));
  for (const char* path : {"/stats", "/metrics", "/v1/retrieve/stats", "/v1/retrieve/0123456789ab"}) {
    EXPECT_EQ(status_of(ask(fmt::format("GET {} HTTP/1.1\r\nHost: rebound.example\r\n\r\n", path))), 403) << path;
    EXPECT_EQ(status_of(ask(fmt::format("DELETE {} HTTP/1.1\r\nHost: localhost\r\n\r\n", path))), 405) << path;
  }
  const std::string page = "Origin: http://page.example\r\n";
  EXPECT_EQ(status_of(ask(post("/v1/compress", "{}", page))), 403);
  EXPECT_EQ(status_of(ask(post("/v1/messages", "{}", page))), 403);
  EXPECT_EQ(status_of(ask(post("/v1/messages", "{}", "Origin: http://localhost:3000\r\n"))), 200);
  EXPECT_EQ(upstream->requests().size(), 1U);
}

}  // namespace
}  // namespace headroom::proxy_test
