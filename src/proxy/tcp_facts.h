#pragma once

#include <cstdint>
#include <optional>

namespace headroom::proxy {

/// What the kernel knows of a TCP connection.
struct TcpFacts {
  bool peer_ended = false;         ///< the peer's end of stream has come, read or not, or the connection is gone
  std::uint64_t acknowledged = 0;  ///< bytes that the peer's kernel has taken, since the connection began
};

/// Nothing where the system does not say (other systems than Linux, or a socket that is none of TCP).
std::optional<TcpFacts> tcp_facts(int socket);

}  // namespace headroom::proxy
