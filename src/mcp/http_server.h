#pragma once

#include "base/result.h"
#include "mcp/http_endpoint.h"

namespace headroom::mcp {

/// Serves the endpoint to this machine on a socket that listens (proxy::open_listener), a thread for each connection,
/// of which there are at most kMaxConnections; more are closed. Returns only when accepting fails for good.
base::Result<void> serve_http(HttpEndpoint& endpoint, int listener);

inline constexpr std::size_t kMaxConnections = 64;

}  // namespace headroom::mcp
