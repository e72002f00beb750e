#pragma once

#include "mcp/child.h"
#include "mcp/relay.h"

namespace headroom::mcp {

/// Carries lines between a client (two descriptors) and the server that `child` is, until the server ends; the end of
/// the client's input is passed on. Gives the server's exit code. SIGPIPE must be ignored.
int run_relay(Relay& relay, Child& child, int in, int out);

}  // namespace headroom::mcp
