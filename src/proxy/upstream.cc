#include "proxy/upstream.h"

#include <array>

#include <boost/asio/ssl/host_name_verification.hpp>
#include <fmt/format.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include "proxy/http_head.h"
#include "proxy/tcp_facts.h"

namespace headroom::proxy {
namespace {

constexpr std::size_t kMaxIdle = 256;

std::unexpected<base::Error> unreachable(const UpstreamUrl& url, std::string_view what, std::string_view hint) {
  return base::fail(base::ErrorCode::kUnavailable, fmt::format("cannot reach {}: {}; {}", url.authority, what, hint));
}

constexpr std::string_view kNetworkHint = "check the network and the upstream URL (headroom config)";
constexpr std::string_view kProxyHint = "check --http-proxy, HTTPS_PROXY and NO_PROXY";
constexpr std::string_view kCertificateHint =
    "if a proxy of your network re-signs TLS, name its CA certificate in --ca-bundle or SSL_CERT_FILE";

bool is_address(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

Task<base::Result<void>> UpstreamConnection::connect(const UpstreamUrl& url, TlsContext& tls,
                                                     const ForwardProxy* proxy) {
  const UpstreamUrl& first = proxy != nullptr ? proxy->url : url;
  auto connected = co_await connect_tcp(first);
  if (connected && proxy != nullptr) connected = co_await open_tunnel(url, *proxy);
  if (!connected || !url.tls) co_return connected;
  auto secured = co_await handshake(url, tls);
  co_return secured;
}

struct UpstreamConnection::Lookup {
  explicit Lookup(const Executor& executor) : done(executor) {}
  SteadyTimer done;  // cancelled when there is an answer, or the wait for it is over
  std::optional<Names::Found> found;
};

Task<base::Result<std::vector<Tcp::endpoint>>> UpstreamConnection::look_up(const UpstreamUrl& url) {
  using Found = base::Result<std::vector<Tcp::endpoint>>;
  if (is_address(url.host)) {
    co_return Found({{asio::ip::make_address(url.host), static_cast<std::uint16_t>(std::stoi(url.port))}});
  }
  const auto lookup = std::make_shared<Lookup>(socket_.get_executor());
  lookup_ = lookup;
  lookup->done.expires_after(std::chrono::hours(24));
  const auto asked = names_.look_up(url.host, url.port, socket_.get_executor(), [lookup](const Names::Found& found) {
    lookup->found = found;
    lookup->done.cancel();
  });
  if (!closed_) co_await lookup->done.async_wait(kToken);
  lookup_ = nullptr;
  if (!lookup->found) co_return unreachable(url, "the attempt was given up", kNetworkHint);
  if (const error_code error = lookup->found->error) {
    co_return unreachable(url, fmt::format("its name has no address ({})", error.message()), kNetworkHint);
  }
  co_return Found(std::move(lookup->found->endpoints));
}

Task<base::Result<void>> UpstreamConnection::connect_tcp(const UpstreamUrl& url) {
  const auto endpoints = co_await look_up(url);
  if (!endpoints) co_return std::unexpected(endpoints.error());
  error_code last = asio::error::host_not_found;
  for (const Tcp::endpoint& endpoint : *endpoints) {
    if (closed_) co_return unreachable(url, "the attempt was given up", kNetworkHint);
    error_code ignored;
    socket_.close(ignored);
    auto [error] = co_await socket_.async_connect(endpoint, kToken);
    last = error;
    if (error) continue;
    socket_.non_blocking(true, ignored);
    socket_.set_option(Tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    co_return base::Result<void>();
  }
  co_return unreachable(url, last.message(), kNetworkHint);
}

// Reads the answer's head byte by byte: what follows belongs to the upstream.
Task<base::Result<void>> UpstreamConnection::open_tunnel(const UpstreamUrl& url, const ForwardProxy& proxy) {
  constexpr std::size_t kMaxHead = 16 * 1024;
  const auto failed = [&](std::string_view why) {
    return unreachable(url, fmt::format("the proxy {} {}", proxy.url.authority, why), kProxyHint);
  };
  const std::string asked = proxy.connect_head(url);
  const error_code error = co_await write_all(socket_, asked);
  if (error) co_return failed("closed the connection");
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    char byte = 0;
    auto [ended, size] = co_await socket_.async_read_some(asio::buffer(&byte, 1), kToken);
    if (ended) co_return failed("closed the connection");
    head += byte;
    if (head.size() > kMaxHead) co_return failed("speaks no HTTP");
  }
  const auto answer = parse_response_head(head);
  if (!answer) co_return failed("speaks no HTTP");
  if (answer->status / 100 == 2) co_return base::Result<void>();
  co_return failed(fmt::format("refuses a tunnel ({} {})", answer->status, answer->reason));
}

Task<base::Result<void>> UpstreamConnection::handshake(const UpstreamUrl& url, TlsContext& tls) {
  auto context = tls.get();
  if (!context) co_return std::unexpected(context.error());
  tls_.emplace(socket_, **context);
  if (!is_address(url.host)) SSL_set_tlsext_host_name(tls_->native_handle(), url.host.c_str());
  error_code error;
  tls_->set_verify_callback(asio::ssl::host_name_verification(url.host), error);
  auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kToken);
  if (!failure) co_return base::Result<void>();
  const long verdict = SSL_get_verify_result(tls_->native_handle());
  if (verdict != X509_V_OK) {
    const std::string why = fmt::format("its certificate is refused ({})", X509_verify_cert_error_string(verdict));
    co_return unreachable(url, why, kCertificateHint);
  }
  const std::string why = fmt::format("no TLS connection ({})", failure.message());
  co_return unreachable(url, why, kCertificateHint);
}

Task<error_code> UpstreamConnection::write(std::string_view first, std::string_view second) {
  if (!tls_) {
    const error_code error = co_await write_all(socket_, first, second);
    co_return error;
  }
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(first), asio::buffer(second)};
  auto [error, size] = co_await asio::async_write(*tls_, buffers, kToken);
  co_return error;
}

void UpstreamConnection::close() {
  closed_ = true;
  error_code ignored;
  if (lookup_ != nullptr) lookup_->done.cancel();
  socket_.close(ignored);
}

bool UpstreamConnection::is_usable() {
  if (closed_ || !socket_.is_open()) return false;
  char byte = 0;
  const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got == 0) return false;
  if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
  // Session tickets may wait on a TLS connection, or the word that it ends, with the end behind it; on a plain one
  // there is nothing that may come now.
  const auto facts = tcp_facts(socket_.native_handle());
  return tls_.has_value() && !(facts && facts->peer_ended);
}

void UpstreamConnection::mark() {
  const auto facts = tcp_facts(socket_.native_handle());
  acknowledged_ = facts ? std::optional(facts->acknowledged) : std::nullopt;
}

bool UpstreamConnection::took_nothing() {
  if (closed_ || !acknowledged_) return false;
  const auto facts = tcp_facts(socket_.native_handle());
  return facts && facts->peer_ended && facts->acknowledged == *acknowledged_;
}

std::unique_ptr<UpstreamConnection> UpstreamPool::take() {
  const auto oldest = std::chrono::steady_clock::now() - idle_timeout_;
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->idle_since > oldest && connection->is_usable()) {
      connection->reused = true;
      connection->mark();
      return connection;
    }
  }
  return nullptr;
}

void UpstreamPool::give_back(std::unique_ptr<UpstreamConnection> connection) {
  if (idle_.size() >= kMaxIdle) return;
  connection->idle_since = std::chrono::steady_clock::now();
  idle_.push_back(std::move(connection));
}

void UpstreamPool::sweep() {
  const auto oldest = std::chrono::steady_clock::now() - idle_timeout_;
  std::erase_if(idle_,
                [&](const auto& connection) { return connection->idle_since <= oldest || !connection->is_usable(); });
}

}  // namespace headroom::proxy
