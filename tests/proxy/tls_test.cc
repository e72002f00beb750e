#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "proxy/tls_check.h"
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

TEST(TlsCheck, SaysWhatTheProxyWouldSayAndWhenTheCertificateEnds) {
  const TestAuthority authority, other;
  const auto folder = std::filesystem::path(testing::TempDir());
  const auto write = [&](std::string_view name, const std::string& text) {
    const std::string file = folder / fmt::format("headroom-check-{}-{}", ::getpid(), name);
    std::ofstream(file) << text;
    return file;
  };
  const auto [certificate, key] = authority.client();
  const std::string authorities = write("ca.pem", authority.certificate());
  const std::string own = write("cert.pem", certificate), own_key = write("key.pem", key);
  const std::string wrong_key = write("other.pem", other.client().second);
  const std::int64_t now_s = base::SystemClock().now_ms() / 1000;
  constexpr std::int64_t kDaySeconds = 24 * 3600;
  EXPECT_EQ(proxy::check_tls({authorities, "", ""}, now_s).value(), std::nullopt);
  const auto left_s = proxy::check_tls({authorities, own, own_key}, now_s).value();
  ASSERT_TRUE(left_s);
  EXPECT_GT(*left_s, 0);
  EXPECT_LE(*left_s, kDaySeconds);
  EXPECT_EQ(proxy::check_tls({"", own, own_key}, now_s + 2 * kDaySeconds).value(), *left_s - 2 * kDaySeconds);
  for (const proxy::TlsFiles& bad :
       {proxy::TlsFiles{own_key, "", ""}, {"", own, wrong_key}, {"", own, ""}, {"", own_key, own_key}}) {
    const auto checked = proxy::check_tls(bad, now_s);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr("usable"));
  }
  for (const std::string& file : {authorities, own, own_key, wrong_key}) std::filesystem::remove(file);
}

}  // namespace
}  // namespace headroom::proxy_test
