#include "cli/listener.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "store/workspace_key.h"

namespace headroom::cli {
namespace {

using Kind = Listener::Kind;

/// What poses as a proxy: gets each connection with what the caller asked, and may say something.
class Twin {
 public:
  using Say = std::function<void(const Socket& client, const HttpMessage& request)>;

  explicit Twin(Say say) : listening_(listen_on_loopback()), port_(bound_port(*listening_)) {
    thread_ = std::jthread([this, say = std::move(say)] {
      for (;;) {
        const Socket client(::accept(listening_->handle(), nullptr, nullptr));
        if (client.handle() < 0) return;
        std::string carry;
        if (const auto request = read_http(client, carry)) say(client, *request);
      }
    });
  }
  ~Twin() { listening_->shut_down(); }

  int port() const { return port_; }

 private:
  base::Result<Socket> listening_;
  int port_;
  std::jthread thread_;
};

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "headroom-listener-XXXXXX").string();
    options_.workspace_dir = ::mkdtemp(folder.data());
  }
  ~ListenerTest() override { std::filesystem::remove_all(options_.workspace_dir); }

  Listener look(const Twin& twin, CallBounds bounds = {.time_ms = 60'000, .bytes = 1 << 16}) {
    return look_at(options_, twin.port(), bounds);
  }
  static void say(const Socket& client, std::string_view body) {
    static_cast<void>(write_all(client, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.size())));
    static_cast<void>(write_all(client, body));
  }
  static std::string health(std::string_view proof) {
    return fmt::format(
        R"({{"service":"headroom-proxy","version":"9.8.7","proof":"{}","config":{{"openai_api_url":"http://up.example/","chatgpt_api_url":"http://chat.example"}}}})",
        proof);
  }
  std::string proof(const HttpMessage& request, int port) const {
    const auto asked = request.headers.find("x-headroom-challenge");
    return asked == request.headers.end()
               ? ""
               : store::WorkspaceKey(options_.workspace_dir).answer(asked->second, port).value_or("");
  }

  config::Options options_;
};

TEST_F(ListenerTest, OneThatProvesToBeOfThisWorkspace) {
  ASSERT_TRUE(store::WorkspaceKey(options_.workspace_dir).make());
  std::atomic<int> port = 0;
  const Twin twin([&](const Socket& client, const HttpMessage& request) { say(client, health(proof(request, port))); });
  port = twin.port();
  const Listener found = look(twin);
  EXPECT_EQ(found.kind, Kind::kHeadroom);
  EXPECT_EQ(found.version, "9.8.7");
  EXPECT_EQ(found.upstreams.at("openai"), "http://up.example");
  EXPECT_EQ(found.upstreams.at("chatgpt"), "http://chat.example");
  EXPECT_EQ(found.upstreams.at("gemini"), "");
}

TEST_F(ListenerTest, OneThatMakesTheKeyWhenItIsAsked) {
  std::atomic<int> port = 0;
  const Twin twin([&](const Socket& client, const HttpMessage& request) {
    static_cast<void>(store::WorkspaceKey(options_.workspace_dir).make());
    say(client, health(proof(request, port)));
  });
  port = twin.port();
  EXPECT_EQ(look(twin).kind, Kind::kHeadroom);
}

TEST_F(ListenerTest, WithoutAProofNothingElseOfItIsBelieved) {
  const Twin twin([](const Socket& client, const HttpMessage&) { say(client, health("")); });
  EXPECT_EQ(look(twin).kind, Kind::kForeign) << "no key: no proof is no proof";
  ASSERT_TRUE(store::WorkspaceKey(options_.workspace_dir).make());
  const Listener found = look(twin);
  EXPECT_EQ(found.kind, Kind::kForeign);
  EXPECT_TRUE(found.upstreams.empty());
  EXPECT_TRUE(described(found, options_).contains(options_.workspace_dir));
}

TEST_F(ListenerTest, WrongProofsAreNone) {
  const store::WorkspaceKey key(options_.workspace_dir);
  ASSERT_TRUE(key.make());
  std::string first;
  std::atomic<int> port = 0;
  const Twin old([&](const Socket& client, const HttpMessage& request) {
    if (first.empty()) first = proof(request, port);
    say(client, health(first));
  });
  port = old.port();
  EXPECT_EQ(look(old).kind, Kind::kHeadroom);
  EXPECT_EQ(look(old).kind, Kind::kForeign) << "one that was heard before";
  const Twin relay([&](const Socket& client, const HttpMessage& request) {
    say(client, health(proof(request, old.port())));  // as the proxy at another port would answer it
  });
  EXPECT_EQ(look(relay).kind, Kind::kForeign) << "one that passes the challenge on";
  const store::WorkspaceKey others(options_.workspace_dir + "/other");
  ASSERT_TRUE(others.make());
  const Twin other([&](const Socket& client, const HttpMessage& request) {
    say(client, health(others.answer(request.headers.at("x-headroom-challenge"), port).value_or("")));
  });
  EXPECT_EQ(look(other).kind, Kind::kForeign);
}

TEST_F(ListenerTest, WhatIsNoProxyOfOurs) {
  for (const std::string_view body : {"", "{}", "[]", "not JSON", R"({"service":"other"})", R"({"service":7})"}) {
    const Twin twin([body](const Socket& client, const HttpMessage&) { say(client, body); });
    EXPECT_EQ(look(twin).kind, Kind::kOther) << body;
  }
  const Twin no_http([](const Socket& client, const HttpMessage&) {
    static_cast<void>(write_all(client, "220 mail.example ESMTP\r\n\r\n"));
  });
  EXPECT_EQ(look(no_http).kind, Kind::kOther);
}

TEST_F(ListenerTest, HalfAnAnswer) {
  ASSERT_TRUE(store::WorkspaceKey(options_.workspace_dir).make());
  for (const std::string_view text :
       {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"service\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"serv"}) {
    const Twin twin([text](const Socket& client, const HttpMessage&) { static_cast<void>(write_all(client, text)); });
    EXPECT_EQ(look(twin).kind, Kind::kOther) << text;
  }
}

TEST_F(ListenerTest, OneThatSaysTooMuch) {
  std::atomic<std::size_t> taken = 0;
  for (const std::string_view head :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "}) {
    const Twin twin([&, head](const Socket& client, const HttpMessage&) {
      const std::string more =
          head.contains("chunked") ? "4000\r\n" + std::string(0x4000, ' ') + "\r\n" : std::string(0x4000, ' ');
      auto sent = write_all(client, head);
      for (taken = 0; sent && taken < (64U << 20); taken += more.size()) sent = write_all(client, more);
    });
    EXPECT_EQ(look(twin).kind, Kind::kOther) << head;
    EXPECT_LT(taken, 64U << 20) << head;
  }
}

TEST_F(ListenerTest, OneThatNeverAnswersOrNeverEnds) {
  const Twin silent([](const Socket& client, const HttpMessage&) {
    std::string carry;
    static_cast<void>(read_http(client, carry));  // until the caller has gone
  });
  EXPECT_EQ(look(silent, {.time_ms = 50}).kind, Kind::kOther);
  const Twin slow([](const Socket& client, const HttpMessage&) {
    for (auto sent = write_all(client, "HTTP/1.1 200 OK\r\nX: "); sent; sent = write_all(client, "x")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  EXPECT_EQ(look(slow, {.time_ms = 50}).kind, Kind::kOther);
}

TEST_F(ListenerTest, NothingListens) {
  int port = 0;
  {
    const auto socket = listen_on_loopback();
    ASSERT_TRUE(socket);
    port = bound_port(*socket);
  }
  const Listener found = look_at(options_, port);
  EXPECT_EQ(found.kind, Kind::kNothing);
  EXPECT_EQ(described(found, options_), "");
}

TEST(UpstreamOptions, AreAllOfTheTable) {
  std::string names;
  for (const UpstreamOption& one : upstream_options()) names += one.name + " ";
  EXPECT_EQ(names, "anthropic openai gemini cloudcode vertex chatgpt bedrock ");
}

}  // namespace
}  // namespace headroom::cli
