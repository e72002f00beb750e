#include "proxy/guard.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

bool passes(Guard guard, const std::string& host, bool loopback = true, const std::string& origin = "",
            std::string_view bind = "127.0.0.1") {
  const std::string lines = origin.empty() ? "" : "Origin: " + origin + "\r\n";
  const auto head = parse_request_head("POST / HTTP/1.1\r\nHost: " + host + "\r\n" + lines + "\r\n");
  return refuse_reason(guard, *head, {loopback, bind}).empty();
}

TEST(Guard, LocalWantsALoopbackPeerAndName) {
  for (const char* host : {"localhost", "LOCALHOST:8787", "127.0.0.1", "127.9.9.9:1", "[::1]:8787", "a.localhost"}) {
    EXPECT_TRUE(passes(Guard::kLocal, host)) << host;
    EXPECT_FALSE(passes(Guard::kLocal, host, false)) << host;
  }
  for (const char* host : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[::1", "0.0.0.0",
                           "localhost:80@evil.example", "127.1", "notlocalhost"}) {
    EXPECT_FALSE(passes(Guard::kLocal, host)) << host;
  }
}

TEST(Guard, TheBoundNameCountsButNoWildcard) {
  EXPECT_TRUE(passes(Guard::kLocal, "box.lan:8787", true, "", "box.lan"));
  EXPECT_FALSE(passes(Guard::kLocal, "0.0.0.0:8787", true, "", "0.0.0.0"));
  EXPECT_FALSE(passes(Guard::kLocal, "", true, "", ""));
}

TEST(Guard, PagesOfOtherOriginsStayOut) {
  for (const Guard guard : {Guard::kLocalWrite, Guard::kRelay}) {
    EXPECT_TRUE(passes(guard, "localhost", true, "http://localhost:3000"));
    EXPECT_TRUE(passes(guard, "localhost", true, "http://[::1]:3000"));
    EXPECT_FALSE(passes(guard, "localhost", true, "https://evil.example"));
    EXPECT_FALSE(passes(guard, "localhost", true, "null"));
  }
  EXPECT_TRUE(passes(Guard::kRelay, "host.containers.internal", false));
  EXPECT_TRUE(passes(Guard::kOpen, "anything", false, "https://evil.example"));
}

}  // namespace
}  // namespace headroom::proxy
