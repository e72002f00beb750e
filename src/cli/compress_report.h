#pragma once

#include <string>
#include <string_view>

#include "cli/console.h"
#include "context/pipeline.h"

namespace headroom::cli {

/// For --explain: a line for each tool result or text, then why, then the total.
std::string explain_text(const context::Outcome& outcome, const Console& console);

/// For --json. `text` is what a caller should use: the new text, or the input.
std::string outcome_json(const context::Outcome& outcome, std::string_view text);

}  // namespace headroom::cli
