#include <future>

#include <sys/socket.h>

#include "proxy_fixture.h"

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kOk = "{\"ok\":true}";

TEST_F(ProxyTest, PassesAnUnknownRequestOnByteForByte) {
  start_answering(answer(kOk, "X-Odd-CASE:  two  words\r\nX-Twice: 1\r\nx-twice: 2\r\n"));
  const std::string body("\0\xff binary \r\n\r\n bytes", 20);
  const std::string reply =
      ask("PUT /v9/some%20thing?key=a+b HTTP/1.1\r\nHoSt: localhost:1\r\nX-ODD-Case: v\r\nAuthorization: Bearer k\r\n"
          "Accept-Encoding: gzip, br\r\nContent-Length: 20\r\nx-twice: a\r\nX-Twice: b\r\n\r\n" +
          body);
  EXPECT_EQ(reply,
            "HTTP/1.1 200 OK\r\nX-Odd-CASE: two  words\r\nX-Twice: 1\r\nx-twice: 2\r\nContent-Length: 11\r\n\r\n" +
                std::string(kOk));
  ASSERT_EQ(upstream->requests().size(), 1U);
  EXPECT_EQ(upstream->requests()[0],
            fmt::format("PUT /v9/some%20thing?key=a+b HTTP/1.1\r\nHoSt: 127.0.0.1:{}\r\nX-ODD-Case: v\r\n"
                        "Authorization: Bearer k\r\nAccept-Encoding: gzip, br\r\nContent-Length: 20\r\nx-twice: a\r\n"
                        "X-Twice: b\r\n\r\n",
                        upstream->port()) +
                body);
}

TEST_F(ProxyTest, DropsHopByHopHeadersAndItsOwn) {
  start_answering(
      answer(kOk, "Connection: keep-alive, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nX-Kept: 1\r\n"));
  const std::string reply =
      ask(get("/v1/models", "Connection: x-mine\r\nX-Mine: 1\r\nTE: trailers\r\nX-Headroom-Tag: 1\r\nX-Yours: 1\r\n"));
  const std::string request = upstream->requests().at(0);
  for (const char* gone : {"X-Mine", "TE:", "Connection", "eadroom"}) EXPECT_THAT(request, Not(HasSubstr(gone)));
  EXPECT_THAT(request, HasSubstr("X-Yours: 1\r\n"));
  for (const char* gone : {"Connection", "Keep-Alive", "X-Private"}) EXPECT_THAT(reply, Not(HasSubstr(gone)));
  EXPECT_THAT(reply, HasSubstr("X-Kept: 1\r\n"));
}

TEST_F(ProxyTest, ServesPipelinedRequestsInOrder) {
  start([](TestSocket& socket) {
    for (std::string request = socket.read_message(); !request.empty(); request = socket.read_message()) {
      socket.send(answer(request.substr(4, 2)));
    }
  });
  TestSocket socket = client();
  socket.send(get("/a") + get("/b") + "\r\n" + get("/c"));
  EXPECT_EQ(body_of(socket.read_message()), "/a");
  EXPECT_EQ(body_of(socket.read_message()), "/b");
  EXPECT_EQ(body_of(socket.read_message()), "/c");
}

// A body is read into its place up to its last byte: what stands behind it is the next request's.
TEST_F(ProxyTest, BodiesComeWholeInPiecesOfAnySize) {
  start([](TestSocket& socket) {
    for (std::string request = socket.read_message(); !request.empty(); request = socket.read_message()) {
      socket.send(answer(body_of(request)));
    }
  });
  std::vector<std::string> bodies;
  std::string sent;
  for (const std::size_t size : {1, 70, 8'191, 65'535, 65'536, 65'537, 131'072, 300'000, 2}) {
    std::string& body = bodies.emplace_back(size, '.');
    for (std::size_t i = 0; i < size; i += 97) body[i] = static_cast<char>('a' + (size + i / 97) % 26);
    sent += post("/v1/messages", body);
  }
  for (const std::size_t piece : {sent.size(), std::size_t{65'536}, std::size_t{10'007}, std::size_t{1'500}}) {
    TestSocket socket = client();
    std::thread writer([&] {
      for (std::size_t at = 0; at < sent.size(); at += piece) socket.send(sent.substr(at, piece));
    });
    for (const std::string& body : bodies) EXPECT_TRUE(body_of(socket.read_message()) == body) << body.size();
    writer.join();
  }
}

// What comes while an answer is under way is read by the watch on the client, and taken over by the next request.
TEST_F(ProxyTest, TakesTheNextRequestInPiecesWhileAnAnswerIsUnderWay) {
  std::promise<void> asked, go;
  start([&, first = true](TestSocket& socket) mutable {
    for (std::string request = socket.read_message(); !request.empty(); request = socket.read_message()) {
      if (std::exchange(first, false)) {
        asked.set_value();
        go.get_future().wait();
      }
      socket.send(answer(body_of(request)));
    }
  });
  TestSocket socket = client();
  for (const std::string_view path : {"/v1/messages", "/files"}) {
    std::string body(300'000, '.');
    for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i / 1000 % 26);
    const std::string next = post(path, body);
    socket.send(post("/v1/messages", "{}"));
    if (path == "/v1/messages") asked.get_future().wait();
    std::thread writer([&] {
      for (std::size_t at = 0, part = 1; at < next.size(); at += part, part = part * 3 + 1) {
        socket.send(std::string_view(next).substr(at, part));
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    });
    if (path == "/v1/messages") {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      go.set_value();
    }
    EXPECT_EQ(body_of(socket.read_message()), "{}");
    EXPECT_TRUE(body_of(socket.read_message()) == body);
    writer.join();
  }
}

TEST_F(ProxyTest, PassesAChunkOnBeforeTheNextIsSent) {
  std::promise<void> seen[3];
  start([&seen](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (auto& step : seen) {
      socket.send("8\r\ndata: x\n\r\n");
      // The next chunk is sent only when the client has this one.
      if (step.get_future().wait_for(std::chrono::seconds(10)) != std::future_status::ready) return;
    }
    socket.send("0\r\n\r\n");
  });
  TestSocket socket = client();
  socket.send(post("/v1/messages", R"({"model":"claude-x","messages":[],"stream":true})"));
  socket.read_until("\r\n\r\n");
  for (auto& step : seen) {
    EXPECT_EQ(socket.read_until("x\n\r\n"), "8\r\ndata: x\n\r\n");
    step.set_value();
  }
  EXPECT_EQ(socket.read_until("0\r\n\r\n"), "0\r\n\r\n");
}

TEST_F(ProxyTest, SlowClientSlowsTheUpstream) {
  std::atomic<std::size_t> written = 0;
  std::promise<void> blocked;
  constexpr std::size_t kTotal = 64 << 20;
  start([&](TestSocket& socket) {
    socket.read_message();
    socket.send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", kTotal));
    const timeval brief{0, 300'000};
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &brief, sizeof(brief));
    const std::string block(1 << 16, 'x');
    while (written < kTotal && ::send(socket.fd(), block.data(), block.size(), MSG_NOSIGNAL) == ssize_t(block.size())) {
      written += block.size();
    }
    blocked.set_value();
  });
  TestSocket socket = client();
  socket.send(get("/big"));
  ASSERT_EQ(blocked.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  // Socket buffers hold some megabytes; a proxy that kept what the client does not read would have taken all of it.
  EXPECT_LT(written, kTotal / 2);
}

TEST_F(ProxyTest, StreamsALargeUploadAndItsAnswerAtTheSameTime) {
  start([](TestSocket& socket) {
    const std::string head = socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 8000000\r\n\r\n");
    for (int i = 0; i < 80; ++i) socket.send(socket.read_exactly(100'000));
  });
  std::string body(8'000'000, '.');
  for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i / 1000 % 26);
  TestSocket socket = client();
  std::thread writer([&] { socket.send(post("/echo", body)); });
  socket.read_until("\r\n\r\n");
  const bool same = socket.read_exactly(body.size()) == body;
  writer.join();
  EXPECT_TRUE(same);
}

TEST_F(ProxyTest, PassesAChunkedUploadOnWithItsFraming) {
  start_answering(answer(kOk));
  const std::string request =
      "POST /files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;x=1\r\nhello\r\n0\r\nX-Sum: "
      "1\r\n\r\n";
  TestSocket socket = client();
  for (const char c : request) socket.send({&c, 1});
  EXPECT_EQ(status_of(socket.read_message()), 200);
  EXPECT_THAT(upstream->requests().at(0), HasSubstr("\r\n\r\n5;x=1\r\nhello\r\n0\r\n"));
}

TEST_F(ProxyTest, ClientThatLeavesEndsTheUpstreamRequest) {
  std::promise<void> asked, ended;
  start([&](TestSocket& socket) {
    socket.read_message();
    asked.set_value();
    if (socket.sees_end()) ended.set_value();
  });
  TestSocket socket = client();
  socket.send(post("/v1/messages", R"({"model":"claude-x","messages":[]})"));
  asked.get_future().wait();
  socket.close();
  EXPECT_EQ(ended.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(ProxyTest, ClientThatLeavesInALaterRequestEndsThatOne) {
  std::promise<void> asked, ended;
  start([&](TestSocket& socket) {
    for (int i = 0; i < 3; ++i) {
      socket.read_message();
      socket.send(answer(kOk));
    }
    socket.read_message();
    asked.set_value();
    if (socket.sees_end()) ended.set_value();
  });
  TestSocket socket = client();
  const std::string request = post("/v1/messages", R"({"model":"claude-x","messages":[]})");
  for (int i = 0; i < 3; ++i) {
    socket.send(request);
    EXPECT_EQ(status_of(socket.read_message()), 200);
  }
  socket.send(request);
  asked.get_future().wait();
  socket.close();
  EXPECT_EQ(ended.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(ProxyTest, ClientThatLeavesMidStreamEndsTheUpstreamRequest) {
  std::promise<void> ended;
  start([&](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    if (socket.sees_end()) ended.set_value();
  });
  TestSocket socket = client();
  socket.send(get("/stream"));
  socket.read_until("x\r\n");
  socket.close();
  EXPECT_EQ(ended.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(ProxyTest, CutAnswerIsCutForTheClientToo) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
    socket.reset();
  });
  TestSocket socket = client();
  socket.send(get("/stream"));
  const std::string all = socket.read_to_end();
  EXPECT_THAT(all, HasSubstr("HTTP/1.1 200"));
  EXPECT_THAT(all, Not(HasSubstr("0\r\n\r\n")));
}

TEST_F(ProxyTest, AnswerThatEndsWithTheConnectionIsPassedOn) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end");
  });
  TestSocket socket = client();
  socket.send(get("/old"));
  EXPECT_THAT(socket.read_to_end(), testing::EndsWith("\r\n\r\nuntil the end"));
}

TEST_F(ProxyTest, AnswerThatEndsWithTheConnectionIsNotResetByWhatTheClientSentOn) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  });
  TestSocket socket = client();
  socket.send(get("/one") + post("/two", std::string(300'000, ' ')));
  std::string all;
  char bytes[4096];
  ssize_t size = 0;
  while ((size = ::recv(socket.fd(), bytes, sizeof bytes, 0)) > 0) all.append(bytes, static_cast<std::size_t>(size));
  EXPECT_EQ(size, 0) << "a reset looks like half an answer";
  EXPECT_EQ(body_of(all), "until the end");
}

TEST_F(ProxyTest, ResetBeforeAnAnswerIsABadGatewayInTheProvidersShape) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.reset();
  });
  const std::string anthropic = ask(post("/v1/messages", R"({"model":"claude-x","messages":[]})"));
  EXPECT_EQ(status_of(anthropic), 502);
  EXPECT_THAT(body_of(anthropic), StartsWith(R"({"type":"error","error":{"type":"api_error","message":")"));
  const std::string openai = ask(post("/v1/chat/completions", R"({"model":"gpt-4o","messages":[]})"));
  EXPECT_EQ(status_of(openai), 502);
  EXPECT_THAT(body_of(openai), StartsWith(R"({"error":{"message":")"));
  EXPECT_EQ(upstream->connections(), 2) << "a request that may have been delivered is not sent again";
}

TEST_F(ProxyTest, APostThatAnOldConnectionMayHaveTakenIsNotSentAgain) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    socket.read_message();
    socket.reset();
  });
  TestSocket socket = client();
  const std::string request = post("/v1/messages", R"({"model":"claude-x","messages":[]})");
  socket.send(request);
  EXPECT_EQ(status_of(socket.read_message()), 200);
  socket.send(request);
  EXPECT_EQ(status_of(socket.read_message()), 502);
  EXPECT_EQ(upstream->connections(), 1);
}

TEST_F(ProxyTest, IsNoForwardProxy) {
  start([](TestSocket& socket) { socket.read_message(); });
  EXPECT_EQ(status_of(ask("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n")), 421);
  EXPECT_EQ(upstream->connections(), 0);
}

TEST_F(ProxyTest, DeadUpstreamIsSaidSo) {
  int port = 0;
  {
    port = FakeUpstream([](TestSocket&) {}).port();
  }
  start(fmt::format("http://127.0.0.1:{}", port));
  const std::string reply = ask(get("/v1/models"));
  EXPECT_EQ(status_of(reply), 502);
  EXPECT_THAT(body_of(reply), HasSubstr("Connection refused"));
}

TEST_F(ProxyTest, SilentUpstreamTimesOut) {
  limits.response_timeout = std::chrono::milliseconds(80);
  start([](TestSocket& socket) {
    socket.read_message();
    socket.sees_end();
  });
  EXPECT_EQ(status_of(ask(get("/v1/models"))), 504);
}

TEST_F(ProxyTest, UsesAnUpstreamConnectionAgainAndReplacesOneThatWasClosed) {
  start([](TestSocket& socket) {
    // Each connection serves two requests, then it is closed without a word, as idle connections are.
    for (int i = 0; i < 2; ++i) {
      if (socket.read_message().empty()) return;
      socket.send(answer(kOk));
    }
  });
  options.threads = 1;
  TestSocket socket = client();
  for (int i = 0; i < 6; ++i) {
    // Unread when the upstream closes, it would be lost and the upstream would be thought to have it.
    upstream->await_closed(i / 2);
    socket.send(post("/v1/messages", R"({"model":"claude-x","messages":[]})"));
    EXPECT_EQ(status_of(socket.read_message()), 200) << i;
  }
  EXPECT_EQ(upstream->connections(), 3);
}

TEST_F(ProxyTest, HeadHasNoBody) {
  start([](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    socket.read_until("\r\n\r\n");
    socket.send(answer("next"));
  });
  TestSocket socket = client();
  socket.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(socket.read_message(false), HasSubstr("Content-Length: 500\r\n"));
  socket.send(get("/"));
  EXPECT_EQ(body_of(socket.read_message()), "next");
}

TEST_F(ProxyTest, AnswersExpectContinueAndSpeaksHttp10) {
  start_answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  TestSocket socket = client();
  socket.send("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.send("{}");
  EXPECT_EQ(status_of(socket.read_message()), 200);
  EXPECT_THAT(upstream->requests().at(0), Not(HasSubstr("Expect")));
  TestSocket old = client();
  old.send("GET /x HTTP/1.0\r\n\r\n");
  const std::string reply = old.read_to_end();
  EXPECT_EQ(body_of(reply), "abc");
  EXPECT_THAT(reply, Not(HasSubstr("chunked")));
}

TEST_F(ProxyTest, TunnelsAnUpgradedConnection) {
  start([](TestSocket& socket) {
    EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("Upgrade: websocket\r\n"));
    socket.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
    socket.send(socket.read_exactly(4));
  });
  TestSocket socket = client();
  socket.send(get("/v1/realtime", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("Upgrade: websocket\r\n"));
  EXPECT_EQ(socket.read_exactly(5), "hello");
  socket.send("ping");
  EXPECT_EQ(socket.read_exactly(4), "ping");
  EXPECT_TRUE(socket.sees_end());
}

TEST_F(ProxyTest, DrainsWhatIsInFlightAndClosesTheRest) {
  std::promise<void> asked, go;
  start([&](TestSocket& socket) {
    socket.read_message();
    asked.set_value();
    go.get_future().wait();
    socket.send(answer(kOk));
  });
  TestSocket idle = client();
  TestSocket busy = client();
  busy.send(get("/slow"));
  asked.get_future().wait();
  server->drain();
  EXPECT_TRUE(idle.sees_end());
  go.set_value();
  const std::string reply = busy.read_message();
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(header(reply, "connection"), "close");
  EXPECT_TRUE(server->wait());
  EXPECT_LT(client().fd(), 0) << "the port is still open";
}

TEST_F(ProxyTest, DrainServesWhoHasJustConnected) {
  limits.drain_grace = std::chrono::seconds(30);
  start(FakeUpstream::always(answer(kOk)));
  TestSocket fresh = client();
  server->drain();
  fresh.send(get("/first"));
  const std::string reply = fresh.read_message();
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(header(reply, "connection"), "close");
  EXPECT_TRUE(fresh.sees_end());
  EXPECT_TRUE(server->wait());
}

TEST_F(ProxyTest, DrainServesWhatHasComeAndEndsWhoIsIdle) {
  limits.drain_grace = std::chrono::seconds(30);
  start(FakeUpstream::always(answer(kOk)));
  TestSocket idle = client();
  idle.send(get("/one"));
  EXPECT_EQ(status_of(idle.read_message()), 200);
  TestSocket busy = client();
  busy.send(get("/one"));
  EXPECT_EQ(status_of(busy.read_message()), 200);
  busy.send(get("/two"));
  server->drain();
  EXPECT_EQ(status_of(busy.read_message()), 200);
  EXPECT_TRUE(idle.sees_end());
  EXPECT_TRUE(server->wait());
}

TEST_F(ProxyTest, DrainCutsWhatTakesTooLong) {
  limits.drain_timeout = std::chrono::milliseconds(80);
  std::promise<void> asked;
  start([&](TestSocket& socket) {
    socket.read_message();
    asked.set_value();
    socket.sees_end();
  });
  TestSocket busy = client();
  busy.send(get("/slow"));
  asked.get_future().wait();
  server->drain();
  EXPECT_FALSE(server->wait());
}

// A client that pauses in the middle of a long body must hear of the provider's end at once, not when its own time is
// over.
TEST_F(ProxyTest, AProviderThatEndsInTheMiddleOfABodyIsToldOfAtOnce) {
  limits.body_timeout = std::chrono::seconds(60);
  start([](TestSocket& socket) {
    socket.read_until("first part");
    socket.close();
  });
  TestSocket socket = client();
  socket.send("POST /v9/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nfirst part");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(status_of(socket.read_message()), 502);
  EXPECT_TRUE(socket.sees_end());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
}

TEST_F(ProxyTest, AClientThatStopsInTheMiddleOfABodyHasAnEndAlsoAfterNewsOfTheProvider) {
  limits.body_timeout = std::chrono::milliseconds(200);
  limits.response_timeout = std::chrono::seconds(30);
  start([](TestSocket& socket) {
    socket.read_until("first part");
    socket.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    socket.sees_end();
  });
  TestSocket socket = client();
  socket.send("POST /v9/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nfirst part");
  EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("103"));
  EXPECT_EQ(status_of(socket.read_message()), 408);
  EXPECT_TRUE(socket.sees_end());
}

TEST_F(ProxyTest, AChangeOfProtocolThatNobodyAskedForIsABadGateway) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: odd\r\n\r\n");
    socket.sees_end();
  });
  EXPECT_EQ(status_of(ask(get("/v9/a"))), 502);
}

}  // namespace
}  // namespace headroom::proxy_test
