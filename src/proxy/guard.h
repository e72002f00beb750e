#pragma once

#include <string_view>

#include "proxy/http_head.h"

namespace headroom::proxy {

/// Who may use a route. The route table names one for every route; kLocal is what a route gets that names none.
enum class Guard {
  kLocal,       ///< loopback peers that also ask for a loopback name: own data, read only
  kLocalWrite,  ///< kLocal, and no page of another origin
  kRelay,       ///< anybody who reaches the port, but no web page of another origin
  kOpen,        ///< anybody: says nothing but "alive"
};

/// What the guard looks at.
struct Caller {
  bool loopback_peer = false;
  std::string_view bind_host;  ///< Options::host, which callers may use as a name, too
};

/// Empty when the request may pass, else why not. A loopback peer is not enough for own data: with DNS rebinding a web
/// page reaches 127.0.0.1 under its own name, so the Host header must name loopback as well.
std::string_view refuse_reason(Guard guard, const RequestHead& request, const Caller& caller);

/// "localhost", "*.localhost", 127.0.0.0/8, ::1, with or without a port.
bool is_loopback_authority(std::string_view authority);

}  // namespace headroom::proxy
