#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include "base/result.h"
#include "proxy/tls_files.h"

namespace headroom::proxy {

/// How certificates of upstreams are judged: TLS 1.2 or newer, the system's trust store, and what TlsFiles,
/// SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS name on top of it. Made at the first use, because reading a
/// bundle takes longer than everything else at start. Thread-safe.
class TlsContext {
 public:
  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}
  /// kIo when a file that was named cannot be used.
  base::Result<boost::asio::ssl::context*> get();

 private:
  void make();

  TlsFiles files_;
  std::once_flag once_;
  std::optional<boost::asio::ssl::context> context_;
  base::Error error_;
};

}  // namespace headroom::proxy
