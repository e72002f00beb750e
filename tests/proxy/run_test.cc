#include <csignal>
#include <future>

#include <unistd.h>

#include "proxy_fixture.h"

namespace headroom::proxy_test {
namespace {

TEST_F(ProxyTest, TheCommandDrainsOnSigtermAndGivesZero) {
  std::promise<void> asked, go;
  upstream = std::make_unique<FakeUpstream>([&](TestSocket& socket) {
    socket.read_message();
    asked.set_value();
    go.get_future().wait();
    socket.send(answer("{}"));
  });
  options.log_level = "off";
  options.anthropic_api_url = options.openai_api_url = upstream->url();
  // A port that was free a moment ago.
  options.port = FakeUpstream([](TestSocket&) {}).port();
  auto code = std::async(std::launch::async,
                         [&] { return proxy::run_proxy(options, {pipeline, store.get(), *ledger, clock}); });
  TestSocket busy = TestSocket::connect(options.port);
  while (busy.fd() < 0) busy = TestSocket::connect(options.port);
  busy.send(get("/slow"));
  asked.get_future().wait();
  ::kill(::getpid(), SIGTERM);
  // Draining has begun when the port refuses; the request in flight is still served.
  while (TestSocket::connect(options.port).fd() >= 0) {
  }
  go.set_value();
  EXPECT_EQ(status_of(busy.read_message()), 200);
  const auto result = code.get();
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 0);
}

TEST_F(ProxyTest, SaysWhyItCannotStart) {
  const FakeUpstream taken([](TestSocket&) {});
  options.port = taken.port();
  const auto busy = proxy::ProxyServer::start(options, {pipeline, store.get(), *ledger, clock});
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, base::ErrorCode::kIo);
  EXPECT_THAT(busy.error().message, testing::HasSubstr("--port"));
  options.openai_api_url = "api.example.com";
  const auto url = proxy::ProxyServer::start(options, {pipeline, store.get(), *ledger, clock});
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace headroom::proxy_test
