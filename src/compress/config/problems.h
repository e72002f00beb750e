#pragma once

#include <string_view>

namespace headroom::compress::config {

/// A value that says that something is wrong: "failed", "oom-kill", "ProgressDeadlineExceeded".
bool is_problem(std::string_view value);

/// An entry of this key says why something is as it is: "reason", "lastError", "message".
bool tells_cause(std::string_view key);

}  // namespace headroom::compress::config
