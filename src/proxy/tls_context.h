#pragma once

#include <mutex>
#include <optional>

#include <boost/asio/ssl/context.hpp>

#include "base/result.h"

namespace headroom::proxy {

/// How certificates of upstreams are judged: TLS 1.2 or newer, the system's trust store, and what SSL_CERT_FILE,
/// SSL_CERT_DIR and NODE_EXTRA_CA_CERTS name on top of it. Made at the first use, because reading a bundle takes longer
/// than everything else at start. Thread-safe.
class TlsContext {
 public:
  base::Result<boost::asio::ssl::context*> get();

 private:
  void make();

  std::once_flag once_;
  std::optional<boost::asio::ssl::context> context_;
  base::Error error_;
};

}  // namespace headroom::proxy
