#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "replay/json_line.h"
#include "replay/read_recording.h"

namespace headroom::replay {

// One reader for each format; read_recording() chooses. Each takes the lines of the file, not empty ones only.

/// ~/.claude/projects/*/*.jsonl. Each conversation of the file (sub-agents have their own) is a session; requests are
/// what the answers' ancestors make up, so branches that were left are not in those that follow.
Recording read_claude_code(const std::vector<std::string_view>& lines, std::string_view name);

/// ~/.codex/sessions/**/rollout-*.jsonl, as requests in OpenAI's chat format.
Recording read_codex(const std::vector<std::string_view>& lines, std::string_view name);

/// Request bodies, wrapped or not, lists of messages, or single messages, one a line.
Recording read_requests(const std::vector<std::string_view>& lines, std::string_view name);

/// A JSON list of messages, or a body whose messages were once sent bit by bit: a request before each answer, and the
/// whole.
Session session_of_messages(std::string_view json, std::string_view name);

}  // namespace headroom::replay
