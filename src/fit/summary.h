#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fit/plan.h"

namespace headroom::fit {

/// True for a line that reports a failure.
bool is_error_line(std::string_view line);

/// What the marker in a block's place says: tool and what it was asked, size, the first error line.
std::string summary_of(const wire::Block& block, std::size_t tokens);

/// Removed messages as text that a model can read: "[message 4, assistant]", its texts, calls and results.
std::string transcript_of(const wire::Conversation& conversation, std::span<const Removal> removals);

}  // namespace headroom::fit
