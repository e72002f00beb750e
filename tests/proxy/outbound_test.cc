#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "proxy_fixture.h"
#include "test_tls.h"

// The way out: proxies of the network, authorities and certificates that the settings name.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class OutboundTest : public ProxyTest {
 protected:
  ~OutboundTest() override {
    for (const auto& file : files_) std::filesystem::remove(file);
    for (const char* name : {"HTTPS_PROXY", "HTTP_PROXY"}) ::unsetenv(name);
  }
  std::string file(std::string_view text) {
    const auto path = std::filesystem::path(testing::TempDir()) /
                      fmt::format("headroom-outbound-{}-{}.pem", ::getpid(), files_.size());
    std::ofstream(path) << text;
    files_.push_back(path);
    return path;
  }
  /// A network's proxy that answers `reply` to CONNECT and is the upstream itself behind the tunnel.
  std::unique_ptr<FakeUpstream> network_proxy(std::string reply, bool tls) {
    return std::make_unique<FakeUpstream>([this, reply = std::move(reply), tls](TestSocket& socket) {
      const std::string asked = socket.read_until("\r\n\r\n");
      {
        const std::lock_guard lock(mutex_);
        connects_.push_back(asked);
      }
      socket.send(reply);
      if (!reply.starts_with("HTTP/1.1 2")) return;
      if (tls) {
        authority.serve(socket, "upstream.example", answer("{\"secure\":true}"));
        return;
      }
      while (!socket.read_message().empty() && socket.send(answer("{\"plain\":true}"))) {
      }
    });
  }
  std::vector<std::string> connects() {
    const std::lock_guard lock(mutex_);
    return connects_;
  }
  TestAuthority authority;

 private:
  std::vector<std::filesystem::path> files_;
  std::mutex mutex_;
  std::vector<std::string> connects_;  // guarded by mutex_
};

// "upstream.example" has no address: only a proxy can lead there. The authority is known by --ca-bundle alone.
TEST_F(OutboundTest, TlsGoesThroughATunnel) {
  const auto network = network_proxy("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n", true);
  options.http_proxy = fmt::format("http://me:secret@127.0.0.1:{}", network->port());
  options.ca_bundle = file(authority.certificate());
  start("https://upstream.example");
  TestSocket socket = client();
  for (int i = 0; i < 2; ++i) {
    socket.send(get("/v1/models"));
    EXPECT_EQ(body_of(socket.read_message()), "{\"secure\":true}");
  }
  ASSERT_EQ(connects().size(), 1U) << "the tunnel is kept";
  EXPECT_THAT(connects()[0], StartsWith("CONNECT upstream.example:443 HTTP/1.1\r\nHost: upstream.example:443\r\n"));
  EXPECT_THAT(connects()[0], HasSubstr("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
}

TEST_F(OutboundTest, TheEnvironmentNamesTheProxyAndNoProxyTakesItAway) {
  const auto network = network_proxy("HTTP/1.1 200 OK\r\n\r\n", false);
  ::setenv("HTTP_PROXY", network->url().c_str(), 1);
  start("http://upstream.example:9000");
  EXPECT_EQ(body_of(ask(get("/v1/models"))), "{\"plain\":true}");
  EXPECT_THAT(connects().at(0), StartsWith("CONNECT upstream.example:9000 "));
  server.reset();
  options.no_proxy = {"example"};
  start("http://upstream.example:9000");
  const std::string reply = ask(get("/v1/models"));
  EXPECT_EQ(status_of(reply), 502) << "there is no such name";
  EXPECT_EQ(connects().size(), 1U);
}

TEST_F(OutboundTest, SaysWhyTheProxyOfTheNetworkRefuses) {
  const auto network = network_proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", false);
  options.http_proxy = fmt::format("http://me:hush-hush@127.0.0.1:{}", network->port());
  start("https://upstream.example");
  const std::string reply = ask(get("/v1/models"));
  EXPECT_EQ(status_of(reply), 502);
  EXPECT_THAT(reply, HasSubstr("407"));
  EXPECT_THAT(reply, HasSubstr("--http-proxy"));
  EXPECT_THAT(reply, testing::Not(HasSubstr("hush")));
}

TEST_F(OutboundTest, ShowsItsCertificateToWhoAsks) {
  authority.require_client_certificates();
  const auto [certificate, key] = authority.client();
  options.ca_bundle = file(authority.certificate());
  upstream = std::make_unique<FakeUpstream>(
      [this](TestSocket& socket) { authority.serve(socket, "localhost", answer("{\"known\":true}")); });
  const std::string url = fmt::format("https://localhost:{}", upstream->port());
  start(url);
  EXPECT_EQ(status_of(ask(get("/v1/models"))), 502) << "it has none to show";
  server.reset();
  options.client_cert = file(certificate);
  options.client_key = file(key);
  start(url);
  EXPECT_EQ(body_of(ask(get("/v1/models"))), "{\"known\":true}");
  server.reset();
  options.client_cert = file(certificate + key);
  options.client_key.clear();
  start(url);
  EXPECT_EQ(body_of(ask(get("/v1/models"))), "{\"known\":true}");
}

TEST_F(OutboundTest, FilesThatCannotBeUsedStopTheStart) {
  const auto refused = [&] {
    const auto started = proxy::ProxyServer::start(options, {pipeline, store.get(), *ledger, clock});
    return started ? std::string() : started.error().message;
  };
  options.port = 0;
  options.ca_bundle = file("nothing");
  EXPECT_THAT(refused(), HasSubstr("ca-bundle"));
  options.ca_bundle.clear();
  options.client_cert = file("nothing");
  EXPECT_THAT(refused(), HasSubstr("client-cert"));
  options.client_cert = file(authority.client().first);
  EXPECT_THAT(refused(), HasSubstr("client-key"));
  options.client_key = file(authority.client().second);
  EXPECT_THAT(refused(), HasSubstr("client-key")) << "it belongs to another certificate";
  options.client_cert.clear();
  options.http_proxy = "socks5://127.0.0.1:1080";
  EXPECT_THAT(refused(), HasSubstr("http-proxy"));
}

}  // namespace
}  // namespace headroom::proxy_test
