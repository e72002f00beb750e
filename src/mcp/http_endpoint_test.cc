#include "mcp/http_endpoint.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::mcp {
namespace {

/// One tool, which asks the client something and gives its answer.
Server asking_server() {
  Tool tool;
  tool.name = tool.title = tool.description = "ask";
  tool.call = [](const Arguments&, const CallContext& context) {
    context.caller.progress(1, 2);
    return ToolResult{context.caller.ask("sampling/createMessage", "{}").value_or("silence"), {}};
  };
  Server server;
  server.name = server.title = server.version = "t";
  server.tools.push_back(std::move(tool));
  return server;
}

/// Of the endpoint, over no network.
class HttpEndpointTest : public testing::Test {
 protected:
  /// What a client posts, with these headers beside those that it must have.
  proxy::Reply post(std::string_view body, Events& events, std::string_view headers = {}) {
    const std::string head = fmt::format(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Accept: application/json, text/event-stream\r\n{}Content-Length: {}\r\n\r\n",
        headers, body.size());
    const auto request = proxy::parse_request_head(head);
    EXPECT_TRUE(request);
    return endpoint_.answer(*request, body, events);
  }

  std::string begin() {
    Silent silent;
    const proxy::Reply reply = post(
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}})",
        silent);
    return fmt::format("Mcp-Session-Id: {}\r\n", reply.fields.at(0).value);
  }

  class Silent final : public Events {
   public:
    bool send(std::string_view) override { return false; }
  };

  /// Posts the answer as soon as it is asked, as another connection of the client's would.
  class Answering final : public Events {
   public:
    Answering(HttpEndpointTest& test, std::string session, std::string answer)
        : test_(test), session_(std::move(session)), answer_(std::move(answer)) {}
    ~Answering() override {
      if (other_.joinable()) other_.join();
    }

    bool send(std::string_view message) override {
      const auto document = base::JsonDocument::parse(message);
      const base::JsonNode* id = document ? document->find_last(document->root(), "id") : nullptr;
      if (id == nullptr) return true;
      other_ = std::thread([this, id = std::string(id->raw)] {
        Silent silent;
        const std::string said = fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{{"said":"{}"}}}})", id, answer_);
        EXPECT_EQ(test_.post(said, silent, session_).status, 202);
      });
      return true;
    }

   private:
    HttpEndpointTest& test_;
    const std::string session_, answer_;
    std::thread other_;
  };

  const Server server_ = asking_server();
  const proxy::Access access_{.bind_host = "127.0.0.1", .token = {}, .allowed_hosts = {}};
  std::atomic<int> names_ = 0;
  HttpEndpoint endpoint_{server_, access_, [this] { return fmt::format("s{}", ++names_); }};
};

constexpr std::string_view kCall = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}})";

TEST_F(HttpEndpointTest, EachCallGetsTheAnswerToWhatItHasAsked) {
  const std::vector<std::string> sessions = {begin(), begin()};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round) {
        const std::string& session = sessions[static_cast<std::size_t>(i) % 2];
        const std::string answer = fmt::format("{}-{}", i, round);
        Answering events(*this, session, answer);
        const proxy::Reply reply = post(kCall, events, session);
        EXPECT_NE(reply.body.find(fmt::format(R"(\"said\":\"{}\")", answer)), std::string::npos) << reply.body;
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

TEST_F(HttpEndpointTest, WhoCannotBeAskedIsNotWaitedFor) {
  const std::string session = begin();
  Silent gone;
  EXPECT_NE(post(kCall, gone, session).body.find("silence"), std::string::npos);
}

TEST_F(HttpEndpointTest, SessionsComeAndGoWhileOthersAreAsked) {
  const std::string session = begin();
  std::thread crowd([this] {
    for (std::size_t i = 0; i + 2 < HttpEndpoint::kMaxSessions; ++i) begin();
  });
  for (int i = 0; i < 50; ++i) {
    Answering events(*this, session, "yes");
    EXPECT_NE(post(kCall, events, session).body.find("yes"), std::string::npos);
  }
  crowd.join();
}

}  // namespace
}  // namespace headroom::mcp
