#include "mcp/stdio.h"

#include <algorithm>
#include <array>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace headroom::mcp {
namespace {

/// One tool, which asks the client something and gives its answer.
Server asking_server() {
  Tool tool;
  tool.name = tool.title = tool.description = "ask";
  tool.call = [](const Arguments&, const CallContext& context) {
    return ToolResult{context.caller.ask("sampling/createMessage", "{}").value_or("silence"), {}};
  };
  Server server;
  server.name = server.title = server.version = "t";
  server.tools.push_back(std::move(tool));
  return server;
}

constexpr std::string_view kBegin =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}})"
    "\n";
constexpr std::string_view kCall = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}})"
                                   "\n";
constexpr std::string_view kPing = R"({"jsonrpc":"2.0","id":2,"method":"ping"})"
                                   "\n";

/// All that is said to a client that says this and goes.
std::string said_to(std::string_view input, std::size_t max_bytes = kMaxMessageBytes) {
  std::array<int, 2> in{}, out{};
  EXPECT_EQ(::pipe(in.data()), 0);
  EXPECT_EQ(::pipe(out.data()), 0);
  EXPECT_EQ(::write(in[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));
  ::close(in[1]);
  const Server server = asking_server();
  Session session(server);
  EXPECT_TRUE(serve_lines(session, in[0], out[1], max_bytes));
  ::close(out[1]);
  std::string said(1 << 16, '\0');
  said.resize(static_cast<std::size_t>(::read(out[0], said.data(), said.size())));
  ::close(in[0]);
  ::close(out[0]);
  return said;
}

std::size_t lines_of(std::string_view said) {
  return static_cast<std::size_t>(std::ranges::count(said, '\n'));
}

TEST(Stdio, AnAnswerIsFoundAmongWhatElseComes) {
  const std::string said = said_to(std::string(kBegin) + std::string(kCall) + std::string(kPing) +
                                   R"({"jsonrpc":"2.0","id":"headroom-2","result":{"not":"asked"}})"
                                   "\n"
                                   R"({"jsonrpc":"2.0","id":"headroom-1","result":{"said":"yes"}})");
  EXPECT_EQ(lines_of(said), 4u);
  EXPECT_NE(said.find(R"("method":"sampling/createMessage")"), std::string::npos);
  EXPECT_NE(said.find(R"({\"said\":\"yes\"})"), std::string::npos) << said;
  EXPECT_GT(said.find(R"("id":2)"), said.find(R"("id":1)")) << "what comes meanwhile has its turn afterwards";
}

TEST(Stdio, WhoGoesIsNotWaitedFor) {
  const std::string said = said_to(std::string(kBegin) + std::string(kCall));
  EXPECT_NE(said.find("silence"), std::string::npos) << said;
}

TEST(Stdio, ARefusalIsNoAnswer) {
  const std::string said = said_to(std::string(kBegin) + std::string(kCall) +
                                   R"({"jsonrpc":"2.0","id":"headroom-1","error":{"code":-1,"message":"no"}})"
                                   "\n");
  EXPECT_NE(said.find("silence"), std::string::npos) << said;
}

TEST(Stdio, LinesThatAreTooLongAreSaidToBe) {
  const std::string said = said_to(std::string(500, 'x') + "\n" + std::string(kPing), 100);
  EXPECT_EQ(lines_of(said), 2u);
  EXPECT_TRUE(said.starts_with(R"({"jsonrpc":"2.0","id":null,"error")")) << said;
}

TEST(Stdio, CancelledRequestsAreNotAnswered) {
  const std::string cancel = R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})"
                             "\n";
  EXPECT_EQ(lines_of(said_to(std::string(kBegin) + std::string(kPing) + cancel)), 1u);
  EXPECT_EQ(lines_of(said_to(std::string(kBegin) + cancel + std::string(kPing))), 2u) << "it comes too early";
}

}  // namespace
}  // namespace headroom::mcp
