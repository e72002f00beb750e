#include "proxy/guard.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

constexpr const char* kToken = "what-nobody-guesses";

// A request and who sends it.
struct Ask {
  std::string host = "localhost:8787";
  std::string lines;
  std::string target = "/";
  Peer peer = Peer::kLoopback;
  Access access{"127.0.0.1", "", {}, false};

  int status(Guard guard) const {
    const auto head = parse_request_head("POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + lines + "\r\n");
    if (!head) return head.error().status;
    const auto refused = refuse(guard, *head, {peer, &access});
    return refused ? refused->status : 200;
  }
};

TEST(Guard, WhatNamesNoGuardIsClosed) {
  EXPECT_EQ(Ask{}.status(Guard{}), 403);
  EXPECT_EQ(Ask{.peer = Peer::kUnixSocket}.status(Guard::kClosed), 403);
}

TEST(Guard, LocalWantsALoopbackPeerAndName) {
  for (const char* host : {"localhost", "LOCALHOST:8787", "127.0.0.1", "127.9.9.9:1", "[::1]:8787", "a.localhost"}) {
    EXPECT_EQ(Ask{.host = host}.status(Guard::kLocal), 200) << host;
    EXPECT_EQ((Ask{.host = host, .peer = Peer::kElsewhere}.status(Guard::kLocal)), 403) << host;
  }
  for (const char* host : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[::1", "0.0.0.0",
                           "localhost:80@evil.example", "127.1", "notlocalhost"}) {
    EXPECT_EQ(Ask{.host = host}.status(Guard::kLocal), 403) << host;
    EXPECT_EQ((Ask{.host = host, .peer = Peer::kUnixSocket}.status(Guard::kLocal)), 200) << host;
  }
}

TEST(Guard, TheTargetSaysWhoIsMeantBeforeHostDoes) {
  EXPECT_EQ(Ask{.target = "http://evil.example/stats"}.status(Guard::kLocal), 421);
  EXPECT_EQ(Ask{.target = "http://evil.example?x"}.status(Guard::kRelay), 421);
  EXPECT_EQ(Ask{.target = "http://localhost@evil.example/"}.status(Guard::kRelay), 421);
  EXPECT_EQ((Ask{.host = "evil.example", .target = "http://localhost:8787/stats"}.status(Guard::kLocal)), 200);
}

TEST(Guard, WhatAGatewayPassesOnIsNotFromHere) {
  for (const char* line : {"Forwarded: for=1.2.3.4\r\n", "X-Forwarded-For: 1.2.3.4\r\n", "X-Real-IP: 1.2.3.4\r\n",
                           "Via: 1.1 gateway\r\n"}) {
    EXPECT_EQ(Ask{.lines = line}.status(Guard::kLocal), 403) << line;
    EXPECT_EQ(Ask{.lines = line}.status(Guard::kRelay), 200) << line;
    EXPECT_EQ((Ask{.lines = line, .access = {"0.0.0.0", kToken, {}, false}}.status(Guard::kRelay)), 401) << line;
  }
}

TEST(Guard, TheBoundNameCountsButNoWildcard) {
  EXPECT_EQ((Ask{.host = "box.lan:8787", .access = {"box.lan", "", {}, false}}.status(Guard::kLocal)), 200);
  EXPECT_EQ((Ask{.host = "0.0.0.0:8787", .access = {"0.0.0.0", "", {}, false}}.status(Guard::kLocal)), 403);
  EXPECT_EQ((Ask{.host = "", .access = {"", "", {}, false}}.status(Guard::kLocal)), 403);
}

TEST(Guard, PagesOfOtherOriginsStayOut) {
  for (const Guard guard : {Guard::kLocal, Guard::kLocalWrite, Guard::kRelay}) {
    for (const char* line :
         {"Origin: http://localhost:3000\r\n", "Origin: http://[::1]:3000\r\n", "Sec-Fetch-Site: same-origin\r\n",
          "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"}) {
      EXPECT_EQ(Ask{.lines = line}.status(guard), 200) << line;
    }
    for (const char* line :
         {"Origin: https://evil.example\r\n", "Origin: null\r\n", "Origin:\r\n",
          "Origin: http://localhost.evil.example\r\n", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"}) {
      EXPECT_EQ(Ask{.lines = line}.status(guard), 403) << line;
      const std::string with_token = line + std::string("x-headroom-proxy-token: ") + kToken + "\r\n";
      EXPECT_EQ((Ask{.lines = with_token, .access = {"", kToken, {}, false}}.status(guard)), 403) << line;
    }
  }
  EXPECT_EQ((Ask{.host = "anything", .lines = "Origin: https://evil.example\r\n"}.status(Guard::kOpen)), 200);
}

TEST(Guard, AdminTakesJsonFromItsOwnPagesOnly) {
  const std::string json = "Content-Type: application/json; charset=utf-8\r\n";
  EXPECT_EQ(Ask{.lines = json}.status(Guard::kAdmin), 200);
  EXPECT_EQ(Ask{.lines = json + "Origin: http://localhost:8787\r\n"}.status(Guard::kAdmin), 200);
  EXPECT_EQ(Ask{.lines = json + "Origin: http://localhost:3000\r\n"}.status(Guard::kAdmin), 403);
  EXPECT_EQ(Ask{.lines = json + "Sec-Fetch-Site: same-site\r\n"}.status(Guard::kAdmin), 403);
  EXPECT_EQ(Ask{.lines = "Content-Type: text/plain\r\n"}.status(Guard::kAdmin), 415);
  EXPECT_EQ(Ask{}.status(Guard::kAdmin), 415);
  EXPECT_EQ((Ask{.lines = json, .peer = Peer::kElsewhere}.status(Guard::kAdmin)), 403);
}

TEST(Guard, TheRelayWithoutATokenIsAskedByNamesThatNoPageCanHave) {
  for (const char* host : {"localhost", "127.0.0.1:8787", "10.1.2.3", "[fd00::1]:8787", "host.docker.internal:8787",
                           "headroom", "box.local", "", "headroom.default.svc.cluster.local"}) {
    EXPECT_EQ(Ask{.host = host}.status(Guard::kRelay), 200) << host;
  }
  for (const char* host : {"rebound.example", "127.0.0.1.rebound.example", "0.0.0.0:8787", "internal.example", "."}) {
    EXPECT_EQ(Ask{.host = host}.status(Guard::kRelay), 403) << host;
    EXPECT_EQ((Ask{.host = host, .access = {"", "", {}, true}}.status(Guard::kRelay)), 200) << host;
  }
  EXPECT_EQ((Ask{.host = "AI.corp.example:80", .access = {"", "", {"ai.corp.example"}, false}}.status(Guard::kRelay)),
            200);
}

TEST(Guard, OtherMachinesNeedTheToken) {
  const Access access{"0.0.0.0", kToken, {}, false};
  const std::string given = std::string("X-Headroom-Proxy-Token: ") + kToken + "\r\n";
  const std::string bearer = std::string("Authorization: bearer ") + kToken + "\r\n";
  const std::string json = "Content-Type: application/json\r\n";
  for (const Guard guard : {Guard::kLocal, Guard::kLocalWrite, Guard::kAdmin, Guard::kRelay}) {
    for (const std::string& token : {given, bearer}) {
      EXPECT_EQ((Ask{"box.example", json + token, "/", Peer::kElsewhere, access}.status(guard)), 200);
    }
    for (const char* token : {"", "x-headroom-proxy-token:\r\n", "x-headroom-proxy-token: what-nobody-guesse\r\n",
                              "x-headroom-proxy-token: what-nobody-guessess\r\n", "Authorization: Bearer\r\n",
                              "Authorization: Basic what-nobody-guesses\r\n", "x-api-key: what-nobody-guesses\r\n"}) {
      EXPECT_EQ((Ask{"localhost", json + token, "/", Peer::kElsewhere, access}.status(guard)), 401) << token;
    }
    EXPECT_EQ((Ask{"localhost:8787", json, "/", Peer::kLoopback, access}.status(guard)), 200);
    EXPECT_EQ((Ask{"rebound.example", json, "/", Peer::kLoopback, access}.status(guard)), 401);
  }
  const Access none{"127.0.0.1", "", {}, false};
  EXPECT_EQ((Ask{"localhost", "x-headroom-proxy-token:\r\n", "/", Peer::kElsewhere, none}.status(Guard::kLocal)), 403);
}

}  // namespace
}  // namespace headroom::proxy
