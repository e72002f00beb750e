#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::proxy {

/// Where a provider is: "https://api.anthropic.com", "http://127.0.0.1:9000/gateway".
struct UpstreamUrl {
  bool tls = true;
  std::string host;  ///< name or address; an IPv6 address without its brackets
  std::string port;
  std::string base_path;  ///< without a final '/'; put in front of every path
  /// Value of the Host header: the port only where it is not the scheme's own.
  std::string authority;
};

/// kInvalidArgument for another scheme than http(s), credentials, a query, or no host.
base::Result<UpstreamUrl> parse_upstream_url(std::string_view url);

}  // namespace headroom::proxy
