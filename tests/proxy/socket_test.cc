#include "base/json_document.h"
#include "proxy/web_socket.h"
#include "proxy_fixture.h"

// OpenAI's Responses over a WebSocket.

namespace headroom::proxy_test {
namespace {

using namespace std::string_literals;
using proxy::web_socket_text;
using Sender = proxy::WebSocketReader::Sender;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr proxy::WebSocketReader::Mask kMask{'k', 'e', 'y', '!'};
constexpr std::string_view kUpgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
    "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
constexpr std::string_view kSwitching =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// One side's end of a WebSocket: the next part that it gets.
class Reader {
 public:
  Reader(TestSocket& socket, Sender sender) : socket_(socket), reader_(sender, 1 << 24) {}
  std::string next() {
    for (;;) {
      if (auto part = reader_.next()) return part->text ? part->message : part->bytes;
      const std::string byte = socket_.read_exactly(1);
      if (byte.empty()) return {};
      reader_.feed(byte);
    }
  }

 private:
  TestSocket& socket_;
  proxy::WebSocketReader reader_;
};

class SocketTest : public ProxyTest {
 protected:
  /// Answers every message that asks for a response; keeps what it gets in upstream->requests().
  void start_answering_messages() {
    start([this](TestSocket& socket) {
      upstream->record(socket.read_until("\r\n\r\n"));
      socket.send(kSwitching);
      Reader client(socket, Sender::kClient);
      for (int number = 1;; ++number) {
        std::string message = client.next();
        if (message.empty()) return;
        const bool creates = message.contains("response.create");
        upstream->record(std::move(message));
        if (creates) socket.send(events(number));
      }
    });
  }
  static std::string events(int number) {
    return web_socket_text(R"({"type":"response.output_text.delta","delta":"slow"})") + "\x89\x02hi" +
           web_socket_text(fmt::format(
               R"({{"type":"response.completed","response":{{"id":"resp_{0}","status":"completed","output":[{1}],"usage":)"
               R"({{"input_tokens":432{0},"input_tokens_details":{{"cached_tokens":21}},"output_tokens":9}}}}}})",
               number, R"({"type":"function_call","call_id":"c9","name":"q","arguments":"{\"all\":true}"})"));
  }
  TestSocket opened(std::string_view headers = "") const {
    TestSocket socket = client();
    socket.send(get("/v1/responses", std::string(kUpgrade).append(headers)));
    EXPECT_EQ(socket.read_until("\r\n\r\n"), kSwitching);
    return socket;
  }
  static std::string create(std::string_view input, std::string_view more = "") {
    return fmt::format(R"({{"type":"response.create", "model":"gpt-5","store":false,{}"input":[{}],"new":[ 1 ]}})",
                       more, input);
  }
  static std::string asked() {
    return fmt::format(
        R"({{"type":"message","role":"user","content":[{{"type":"input_text","text":"Which rows are slow?"}}]}},)"
        R"({{"type":"function_call","call_id":"c1","name":"q","arguments":"{{}}"}},{})",
        result("c1"));
  }
  static std::string result(std::string_view id) {
    return fmt::format(R"({{"type":"function_call_output","call_id":"{}","output":"{}"}})", id, escaped_rows(400));
  }
  std::string sent() const { return upstream->requests().back(); }
  /// The provider gets it, before long.
  bool gets(std::string_view text) const {
    for (int tries = 0; tries < 1000 && sent() != text; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return sent() == text;
  }
};

TEST_F(SocketTest, AMessageIsMadeSmallerAndTheAnswerIsTheProviders) {
  start_answering_messages();
  TestSocket socket = opened();
  EXPECT_THAT(upstream->requests().at(0), Not(HasSubstr("permessage-deflate")));
  EXPECT_THAT(upstream->requests().at(0), HasSubstr("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  const std::string message = create(asked());
  socket.send(web_socket_text(message, kMask));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  EXPECT_LT(sent().size() * 2, message.size());
  EXPECT_THAT(sent(), StartsWith(R"({"type":"response.create", "model":"gpt-5","store":false,"input":[)"));
  EXPECT_THAT(sent(), HasSubstr(R"("new":[ 1 ]})"));
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
  EXPECT_THAT(sent(), Not(HasSubstr("headroom_retrieve"))) << "nobody would answer its calls";
  EXPECT_THAT(ask_until("/stats", "4321"), HasSubstr("4321"));
}

TEST_F(SocketTest, AMessageThatGoesOnIsReadWithWhatWasSaidBefore) {
  start_answering_messages();
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  const std::string next = create(result("c9"), R"("previous_response_id":"resp_1",)");
  socket.send(web_socket_text(next, kMask));
  EXPECT_EQ(socket.read_exactly(events(2).size()), events(2));
  EXPECT_LT(sent().size() * 2, next.size());
  EXPECT_THAT(sent(),
              HasSubstr(R"("previous_response_id":"resp_1","input":[{"type":"function_call_output","call_id":"c9")"));
  EXPECT_THAT(sent(), Not(HasSubstr("Which rows"))) << "the provider has it";
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
  EXPECT_THAT(ask_until("/stats", "8643"), HasSubstr("8643")) << "both are billed";
}

TEST_F(SocketTest, OfAConversationThatIsNotKnownHereNothingIsLeftOut) {
  start_answering_messages();
  TestSocket socket = opened();
  const std::string message = create(result("c9"), R"("previous_response_id":"resp_0",)");
  socket.send(web_socket_text(message, kMask));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  EXPECT_LT(sent().size(), message.size());
  EXPECT_THAT(sent(), Not(HasSubstr("<<ccr:")));
}

TEST_F(SocketTest, OtherMessagesGoThroughAsTheyAre) {
  start_answering_messages();
  TestSocket socket = opened();
  for (const std::string& message :
       {std::string(R"({"type":"response.steer","text":"response.create"})"), std::string("no json response.create {"),
        std::string(R"({"type":"response.create","response":{"instructions":"x"}})"), std::string("hello")}) {
    socket.send(web_socket_text(message, kMask));
    EXPECT_TRUE(gets(message));
  }
  const std::string ping = "\x89\x82key!\x03\x0c"s, parts = "\x01\x83key!\x03\x00\x15\x80\x82key!\x07\x0a"s;
  socket.send(ping);
  EXPECT_TRUE(gets(ping));
  socket.send(parts);
  EXPECT_TRUE(gets("hello"));
}

TEST_F(SocketTest, CodexIsToldToUseHttp) {
  start_answering_messages();
  const std::string reply = ask(get("/v1/responses", std::string(kUpgrade) + "originator: codex_cli_rs\r\n"));
  EXPECT_EQ(status_of(reply), 426);
  EXPECT_TRUE(upstream->requests().empty());
  start_answering(answer("{}"));
  EXPECT_EQ(status_of(ask(get("/v1/responses"))), 200) << "without an upgrade it is the provider's to answer";
}

TEST_F(SocketTest, WithoutCompressionNothingIsRead) {
  start_answering_messages();
  TestSocket socket = opened("x-headroom-bypass: true\r\n");
  EXPECT_THAT(upstream->requests().at(0), HasSubstr("permessage-deflate"));
  const std::string message = create(asked());
  socket.send(web_socket_text(message, kMask));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  EXPECT_EQ(sent(), message);
}

TEST_F(SocketTest, ARefusedUpgradeIsTheClientsToSee) {
  start_answering(answer(R"({"error":{"message":"no key"}})", "", "401 Unauthorized"));
  const std::string reply = ask(get("/v1/responses", kUpgrade));
  EXPECT_EQ(status_of(reply), 401);
  EXPECT_EQ(body_of(reply), R"({"error":{"message":"no key"}})");
}

TEST_F(SocketTest, MessagesCountAgainstTheLimits) {
  options.rpm = 1;
  start_answering_messages();
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  socket.send(web_socket_text(create(asked(), R"("stream_id":"s2",)"), kMask));
  Reader reader(socket, Sender::kServer);
  EXPECT_THAT(reader.next(), AllOf(HasSubstr(R"("status":429)"), HasSubstr(R"("stream_id":"s2")")));
  socket.send(web_socket_text("other things go through", kMask));
  EXPECT_TRUE(gets("other things go through"));
  EXPECT_EQ(upstream->requests().size(), 3u);
}

TEST_F(SocketTest, AnAnswerUnderWayIsNotCutByAMessageThatIsOverALimit) {
  options.rpm = 1;
  const std::string answer = events(1);
  const std::size_t half = answer.size() - 100;
  start([answer, half](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(kSwitching);
    Reader client(socket, Sender::kClient);
    client.next();
    socket.send(answer.substr(0, half));
    EXPECT_EQ(client.next(), "go on");
    socket.send(answer.substr(half));
    client.next();
  });
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask));
  EXPECT_EQ(socket.read_exactly(half), answer.substr(0, half));
  socket.send(web_socket_text(create(asked()), kMask) + web_socket_text("go on", kMask));
  EXPECT_EQ(socket.read_exactly(100), answer.substr(half)) << "nothing stands inside of a message";
  Reader reader(socket, Sender::kServer);
  EXPECT_THAT(reader.next(), HasSubstr(R"("status":429)"));
  EXPECT_THAT(ask_until("/stats", "4321"), HasSubstr("4321"));
}

TEST_F(SocketTest, AnErrorOfTheProviderIsCountedAsOne) {
  start([](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(kSwitching);
    Reader client(socket, Sender::kClient);
    client.next();
    socket.send(web_socket_text(R"({"type":"error","status":529,"error":{"message":"busy"}})"));
    client.next();
  });
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask));
  Reader reader(socket, Sender::kServer);
  EXPECT_THAT(reader.next(), HasSubstr("busy"));
  EXPECT_THAT(ask_until("/stats", R"("status":529)"), HasSubstr(R"("status":529)"));
}

TEST_F(SocketTest, AnErrorOfSomethingElseIsNotTheEndOfAnAnswer) {
  start([](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(kSwitching);
    Reader client(socket, Sender::kClient);
    client.next();
    const std::string begun =
        R"({"type":"response.created","response":{"id":"resp_1","status":"in_progress","usage":null}})";
    socket.send(web_socket_text(begun));
    client.next();
    socket.send(web_socket_text(R"({"type":"error","status":400,"error":{"message":"cannot steer"}})") + events(1));
    client.next();
    socket.send(events(2));
    client.next();
  });
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask) + web_socket_text(R"({"type":"response.steer"})", kMask));
  EXPECT_THAT(ask_until("/stats", "4321"), HasSubstr("4321"));
  socket.send(web_socket_text(create(result("c9"), R"("previous_response_id":"resp_1",)"), kMask));
  EXPECT_THAT(ask_until("/stats", "8643"), HasSubstr("8643"));
}

TEST_F(SocketTest, WhatIsBilledIsThatOfTheResponseThatSaysIt) {
  const auto event = [](std::string_view type, std::string_view status, std::string_view stream, int tokens) {
    return web_socket_text(fmt::format(
        R"({{"type":"response.{}","stream_id":"{}","response":{{"id":"r_{}","status":"{}","output":[],"usage":)"
        R"({{"input_tokens":{},"output_tokens":1}}}}}})",
        type, stream, stream, status, tokens));
  };
  start([event](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(kSwitching);
    Reader client(socket, Sender::kClient);
    client.next();
    client.next();
    socket.send(event("created", "in_progress", "b", 0) + event("created", "in_progress", "a", 0) +
                event("completed", "completed", "b", 2222) + event("completed", "completed", "a", 1111));
    client.next();
  });
  TestSocket socket = opened();
  const auto message = [](std::string_view model, std::string_view stream) {
    return web_socket_text(
        fmt::format(R"({{"type":"response.create","model":"{}","stream_id":"{}","input":"hi"}})", model, stream),
        kMask);
  };
  socket.send(message("gpt-4o", "a") + message("gpt-5", "b"));
  ask_until("/stats", "3333");
  const auto rows = ledger->recent(9, {});
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2u);
  for (const store::LedgerRow& row : *rows) EXPECT_EQ(row.billed_input, row.model == "gpt-5" ? 2222 : 1111);
}

TEST_F(SocketTest, AResponseThatWasOnlyPreparedForIsGoneOnFrom) {
  start([this](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(kSwitching);
    Reader client(socket, Sender::kClient);
    client.next();
    socket.send(web_socket_text(
        R"({"type":"response.completed","response":{"id":"resp_0","status":"completed","output":[],"usage":null}})"));
    upstream->record(client.next());
    socket.send(events(1));
    client.next();
  });
  TestSocket socket = opened();
  socket.send(web_socket_text(create("", R"("generate":false,)"), kMask));
  Reader reader(socket, Sender::kServer);
  EXPECT_THAT(reader.next(), HasSubstr("resp_0"));
  socket.send(web_socket_text(create(asked(), R"("previous_response_id":"resp_0",)"), kMask));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  EXPECT_THAT(sent(), HasSubstr(R"("previous_response_id":"resp_0")"));
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
}

TEST_F(SocketTest, BytesBetweenTheItemsStay) {
  start_answering_messages();
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  const std::string more = R"( {"type":"message","role":"user","content":"And now?"} ,  )" + result("c9") + "  ";
  socket.send(web_socket_text(create(more, R"("previous_response_id":"resp_1",)"), kMask));
  EXPECT_EQ(socket.read_exactly(events(2).size()), events(2));
  EXPECT_THAT(sent(), HasSubstr(R"("input":[ {"type":"message","role":"user","content":"And now?"} ,  {"type")"));
  EXPECT_THAT(sent(), HasSubstr(R"(  ],"new":[ 1 ]})"));
}

TEST_F(SocketTest, WhatTheProviderKeepsIsNotCutToAWindow) {
  start_answering_messages();
  TestSocket socket = opened();
  const auto talk = [](int first, int count) {
    std::string said;
    for (int i = first; i < first + count; ++i) {
      std::string words;
      for (int k = 0; k < 60; ++k) words += fmt::format("word{} ", i * 977 + k * 13);
      said +=
          fmt::format(R"({{"type":"message","role":"{}","content":"{}"}},)", i % 2 == 0 ? "user" : "assistant", words);
    }
    return said;
  };
  const auto small = [](std::string message) {
    return web_socket_text(message.replace(message.find("gpt-5"), 5, "gpt-4"), kMask);
  };
  socket.send(small(create(talk(0, 24) + asked())));
  EXPECT_EQ(socket.read_exactly(events(1).size()), events(1));
  const std::string next = create(talk(100, 24) + result("c9"), R"("previous_response_id":"resp_1",)");
  socket.send(small(next));
  EXPECT_EQ(socket.read_exactly(events(2).size()), events(2));
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
  EXPECT_THAT(sent(), HasSubstr(talk(100, 24)));
}

TEST_F(SocketTest, AMessageAboveTheLimitDoesNotGoOnUncounted) {
  RequestLog lines;
  log = &lines;
  options.max_body_mb = 1;
  start_answering_messages();
  TestSocket socket = opened();
  const std::string message = create(asked(), R"("instructions":")" + std::string(1 << 20, 'x') + R"(",)");
  socket.send(web_socket_text(message, kMask));
  EXPECT_EQ(socket.read_exactly(4), "\x88\x3a\x03\xf1"s) << "1009";
  EXPECT_EQ(socket.read_exactly(56), "a message is larger than the proxy reads (--max-body-mb)");
  EXPECT_TRUE(lines.await("WS /v1/responses 413 larger than --max-body-mb\n")) << lines.lines();
  EXPECT_EQ(upstream->requests().size(), 1u) << "only the upgrade";
  server.reset();
}

TEST_F(SocketTest, AMessageAboveTheLimitCutsAnAnswerWithoutAWordInIt) {
  RequestLog lines;
  log = &lines;
  options.max_body_mb = 1;
  const std::string half = events(1).substr(0, events(1).size() - 100);
  start([half](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(kSwitching);
    Reader client(socket, Sender::kClient);
    client.next();
    socket.send(half);
    client.next();
  });
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask));
  EXPECT_EQ(socket.read_exactly(half.size()), half);
  socket.send(web_socket_text(std::string(2 << 20, 'x'), kMask));
  EXPECT_EQ(socket.read_exactly(1), "") << "nothing stands inside of a message";
  EXPECT_TRUE(lines.await("WS /v1/responses 502 cut off: the client's next message was too large\n")) << lines.lines();
  server.reset();
}

TEST_F(SocketTest, TheLastWordsOfAProviderReachAClientThatStillSpeaks) {
  const std::string last = web_socket_text(R"({"type":"error","status":413,"error":{"message":"too large"}})") +
                           web_socket_text(std::string(30'000, 'x')) + proxy::web_socket_close(1009, "too large");
  start([last](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(kSwitching);
    socket.read_exactly(10);
    socket.send(last);
  });
  TestSocket socket = opened();
  socket.send(web_socket_text(std::string(1 << 20, 'x'), kMask));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(socket.read_exactly(last.size()), last);
}

TEST_F(SocketTest, AProxyThatEndsDoesNotWaitForASocketInWhichNothingIsAsked) {
  start_answering_messages();
  TestSocket one = opened(), other = opened();
  one.send(web_socket_text(create(asked()), kMask));
  EXPECT_EQ(one.read_exactly(events(1).size()), events(1));
  server->drain();
  EXPECT_EQ(one.read_exactly(4), "\x88\x10\x03\xe9"s);
  EXPECT_EQ(other.read_exactly(4), "\x88\x10\x03\xe9"s);
  one.close();
  other.close();
  EXPECT_TRUE(server->wait()) << "nothing had to be cut";
}

TEST_F(SocketTest, AForeignPageOpensNone) {
  start_answering_messages();
  EXPECT_EQ(status_of(ask(get("/v1/responses", std::string(kUpgrade) + "Origin: https://evil.example\r\n"))), 403);
  EXPECT_TRUE(upstream->requests().empty());
}

TEST_F(SocketTest, WhoLeavesEndsBothSides) {
  start_answering_messages();
  TestSocket socket = opened();
  socket.send(web_socket_text(create(asked()), kMask).substr(0, 1000));
  socket.close();
  upstream->await_closed(1);
  EXPECT_EQ(upstream->requests().size(), 1u) << "half a message is none";
}

}  // namespace
}  // namespace headroom::proxy_test
