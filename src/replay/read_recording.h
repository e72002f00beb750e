#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "replay/session.h"

namespace headroom::replay {

/// What a file of recorded traffic holds.
struct Recording {
  std::vector<Session> sessions;    ///< those with at least one request, in the order in which they begin
  std::string format;               ///< empty: none that is known
  std::uint64_t damaged_lines = 0;  ///< no JSON, or not what the format has there; skipped
};

/// Reads Claude Code's transcripts, Codex's rollouts, lists of messages (a JSON list, or an object with "messages":
/// each answer in it was once asked for), request bodies one a line, messages one a line. A body may be wrapped:
/// {"body":
/// {...}, "time": ..., "usage": {...}, "session": "...", "asks": ["a fact that the answer needs"]}. Which one it is, is
/// found out. `name` is what the sessions are called. Never fails; what is no recording has no sessions.
Recording read_recording(std::string_view text, std::string_view name);

}  // namespace headroom::replay
