#pragma once

#include "mcp/child.h"
#include "mcp/relay.h"

namespace headroom::mcp {

/// Carries lines between a client (two descriptors) and the server that `child` is, until the server ends. The end of
/// the client's input is passed on, and so is a signal that ends programs (SIGTERM, SIGINT, SIGHUP), which the caller
/// must have blocked; a server that goes on after either is told to end after `patience_ms`, and killed after as long
/// again. Gives the server's exit code. SIGPIPE must be ignored.
int run_relay(Relay& relay, Child& child, int in, int out, int patience_ms = 1500);

/// For this thread and those that it starts.
void block_ending_signals();

}  // namespace headroom::mcp
