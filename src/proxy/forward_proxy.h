#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/options.h"
#include "config/resolve.h"
#include "proxy/upstream_url.h"

namespace headroom::proxy {

/// A proxy of the network on the way to an upstream. It is asked for a tunnel (CONNECT), also to plain upstreams.
struct ForwardProxy {
  UpstreamUrl url;
  std::string authorization;  ///< value of Proxy-Authorization, or empty; secret

  /// The head that asks for a tunnel to `upstream`.
  std::string connect_head(const UpstreamUrl& upstream) const;
};

/// Which upstream is reached by which proxy. Immutable.
class ForwardProxies {
 public:
  /// Options::http_proxy for every upstream, else HTTPS_PROXY and HTTP_PROXY of the environment (in lower case, too) by
  /// the upstream's scheme. kInvalidArgument for a URL that is none or no http:// one; says where it came from.
  static base::Result<ForwardProxies> make(const config::Options& options, const config::Environment& environment);

  /// nullptr: directly. Loopback and what Options::no_proxy names are reached directly: "*", a host, a domain (with or
  /// without a dot in front, its subdomains too), an address, each with or without a port.
  const ForwardProxy* to(const UpstreamUrl& upstream) const;

 private:
  std::optional<ForwardProxy> for_tls_, for_plain_;
  std::vector<std::string> direct_;
};

}  // namespace headroom::proxy
