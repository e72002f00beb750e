#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/ssl/stream.hpp>

#include "base/result.h"
#include "proxy/forward_proxy.h"
#include "proxy/names.h"
#include "proxy/net.h"
#include "proxy/tls_context.h"
#include "proxy/upstream_url.h"

namespace headroom::proxy {

/// One connection to a provider, plain or TLS. Belongs to one I/O thread.
class UpstreamConnection {
 public:
  UpstreamConnection(const Executor& executor, Names& names) : socket_(executor), names_(names) {}

  /// Name, TCP, a tunnel through `proxy` unless that is nullptr, and TLS. close() from a timer or a watcher ends it
  /// early. kUnavailable: says what, why and what to do.
  Task<base::Result<void>> connect(const UpstreamUrl& url, TlsContext& tls, const ForwardProxy* proxy);

  auto read_some(asio::mutable_buffer buffer) {
    return tls_ ? tls_->async_read_some(buffer, kToken) : socket_.async_read_some(buffer, kToken);
  }
  /// Writes all of both.
  Task<error_code> write(std::string_view first, std::string_view second = {});
  /// As the function of that name in proxy/net.h.
  bool write_at_once(std::string_view& first, std::string_view& second, error_code& error) {
    return !tls_ && proxy::write_at_once(socket_, first, second, error);
  }

  /// Ends every operation in progress; may be called at any time on the I/O thread.
  void close();
  /// False when the peer has closed it or sent what nobody asked for.
  bool is_usable();
  /// From now on took_nothing() is about what is written after this.
  void mark();
  /// After a read that ended with the peer's orderly end, and no byte since mark(): true when the peer cannot have seen
  /// anything written since then. An end whose sender has not even acknowledged a byte was sent before that byte came,
  /// by a program that will read no more. False where that is not known.
  bool took_nothing();

  /// Set by the pool: this connection served a request before.
  bool reused = false;
  std::chrono::steady_clock::time_point idle_since;

 private:
  Task<base::Result<std::vector<Tcp::endpoint>>> look_up(const UpstreamUrl& url);
  Task<base::Result<void>> connect_tcp(const UpstreamUrl& url);
  Task<base::Result<void>> open_tunnel(const UpstreamUrl& url, const ForwardProxy& proxy);
  Task<base::Result<void>> handshake(const UpstreamUrl& url, TlsContext& tls);

  Socket socket_;
  Names& names_;
  struct Lookup;
  std::shared_ptr<Lookup> lookup_;  // under way
  std::optional<asio::ssl::stream<Socket&>> tls_;
  bool closed_ = false;
  std::optional<std::uint64_t> acknowledged_;  // at mark()
};

/// Idle connections to one provider, of one I/O thread.
class UpstreamPool {
 public:
  UpstreamPool(UpstreamUrl url, std::chrono::milliseconds idle_timeout)
      : url_(std::move(url)), idle_timeout_(idle_timeout) {}

  const UpstreamUrl& url() const { return url_; }
  /// The idle connection that was used last, or nullptr.
  std::unique_ptr<UpstreamConnection> take();
  void give_back(std::unique_ptr<UpstreamConnection> connection);
  /// Closes what has been idle for too long or was closed by the peer.
  void sweep();
  void clear() { idle_.clear(); }

 private:
  UpstreamUrl url_;
  std::chrono::milliseconds idle_timeout_;
  std::vector<std::unique_ptr<UpstreamConnection>> idle_;  // oldest first
};

}  // namespace headroom::proxy
