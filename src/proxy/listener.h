#pragma once

#include <string>

#include "base/result.h"
#include "config/options.h"

namespace headroom::proxy {

/// A socket that listens.
struct Listener {
  int descriptor = -1;      ///< non-blocking, closed on exec; the caller's to close
  int port = 0;             ///< 0: a Unix socket
  std::string socket_file;  ///< of a Unix socket
};

/// Takes over what a predecessor handed down (see successor.h), else binds Options::uds, which only the user of this
/// process may then connect to, or Options::host and Options::port. A socket file that nobody listens on any more is
/// replaced; anything else of that name is not touched. kInvalidArgument for an address that does not exist, or that
/// other machines reach while no token is set; kIo when it cannot be bound. The message says what to do.
base::Result<Listener> open_listener(const config::Options& options);

}  // namespace headroom::proxy
