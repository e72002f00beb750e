#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "proxy_fixture.h"
#include "test_tls.h"

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;

class TlsTest : public ProxyTest {
 protected:
  // A proxy whose upstream is "https://localhost" with a certificate for `name`; it trusts the authority or not.
  void start_tls(const std::string& name, bool trusted, int requests_each = 1000) {
    const std::filesystem::path file =
        std::filesystem::path(testing::TempDir()) / fmt::format("headroom-authority-{}.pem", ::getpid());
    std::ofstream(file) << authority.certificate();
    if (trusted) ::setenv("SSL_CERT_FILE", file.c_str(), 1);
    upstream = std::make_unique<FakeUpstream>([this, name, requests_each](TestSocket& socket) {
      if (authority.serve(socket, name, answer("{\"secure\":true}"), requests_each)) ++handshakes;
    });
    start(fmt::format("https://localhost:{}", upstream->port()));
  }
  void TearDown() override {
    server.reset();
    ::unsetenv("SSL_CERT_FILE");
  }
  TestAuthority authority;
  std::atomic<int> handshakes = 0;
};

TEST_F(TlsTest, SpeaksToATrustedUpstreamAndKeepsTheConnection) {
  start_tls("localhost", true);
  TestSocket socket = client();
  for (int i = 0; i < 3; ++i) {
    socket.send(get("/v1/models"));
    const std::string reply = socket.read_message();
    EXPECT_EQ(status_of(reply), 200) << reply;
    EXPECT_EQ(body_of(reply), "{\"secure\":true}");
  }
  EXPECT_EQ(upstream->connections(), 1);
}

TEST_F(TlsTest, AConnectionThatTheUpstreamHasEndedIsReplaced) {
  start_tls("localhost", true, 1);
  options.threads = 1;
  TestSocket socket = client();
  for (int i = 0; i < 3; ++i) {
    upstream->await_closed(i);  // "goodbye" and the end wait unread on the kept connection
    socket.send(post("/v1/files", ""));
    EXPECT_EQ(status_of(socket.read_message()), 200) << i;
  }
  EXPECT_EQ(upstream->connections(), 3);
}

TEST_F(TlsTest, RefusesAnotherName) {
  start_tls("other.example", true);
  const std::string reply = ask(get("/v1/models"));
  EXPECT_EQ(status_of(reply), 502);
  EXPECT_THAT(reply, HasSubstr("certificate is refused"));
}

TEST_F(TlsTest, RefusesAnUnknownAuthority) {
  start_tls("localhost", false);
  const std::string reply = ask(get("/v1/models"));
  EXPECT_EQ(status_of(reply), 502);
  EXPECT_THAT(reply, HasSubstr("SSL_CERT_FILE")) << "says what to do";
}

}  // namespace
}  // namespace headroom::proxy_test
