#pragma once

#include <memory>
#include <string>
#include <utility>

#include "test_net.h"

namespace headroom::proxy_test {

/// A certificate authority of the test's own, and what it signs.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  /// The authority's certificate as PEM.
  std::string certificate() const;

  /// A client's certificate and its key as PEM.
  std::pair<std::string, std::string> client() const;
  /// Servers ask clients for a certificate of this authority from now on.
  void require_client_certificates() { wants_client_ = true; }

  /// Takes the role of a TLS server named `dns_name` on one connection: reads a request, answers it, until the client
  /// ends, or says goodbye after `most` of them. False when the handshake fails.
  bool serve(TestSocket& socket, const std::string& dns_name, const std::string& response, int most = 1000) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  bool wants_client_ = false;
};

}  // namespace headroom::proxy_test
