#pragma once

#include <cstddef>

#include "base/result.h"
#include "mcp/session.h"

namespace headroom::mcp {

/// Longest message that is read, in bytes; longer ones get an error.
inline constexpr std::size_t kMaxMessageBytes = 64U << 20U;

/// Serves one client over two descriptors, a message a line, until the first has an end or the second takes nothing
/// any more. SIGPIPE must be ignored. kIo when reading fails. `patience_ms`: for what the client is asked.
base::Result<void> serve_lines(Session& session, int in, int out, std::size_t max_bytes = kMaxMessageBytes,
                               int patience_ms = kPatienceMs);

}  // namespace headroom::mcp
