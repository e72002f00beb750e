#pragma once

#include <sys/types.h>

#include "base/result.h"

// A new process of the same command line, perhaps of a newer program, that takes over the listening socket: both hold
// it, so no connection is refused in between, and the old process ends once its requests have.

namespace headroom::proxy {

struct Successor {
  pid_t pid = -1;
  int ready = -1;  ///< a byte comes when it serves; its end without one means that it could not start. To be closed
};

/// Starts one. It inherits `listener`, standard streams and the environment, and no other descriptor.
base::Result<Successor> start_successor(int listener);

/// In the successor: the socket that was handed down, or -1. Its first caller gets it.
int inherited_listener();
/// In the successor: serves from now on. Nothing happens in any other process.
void tell_predecessor();

}  // namespace headroom::proxy
