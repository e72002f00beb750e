#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compress/compressor.h"

namespace headroom::compress::focus {

/// For each line of a text, 1 when it holds what the user names: a string in quotes, an id, a path or a number of the
/// question, or words of it that hardly any other line has or has side by side. What stands in very many lines singles
/// out none, and then the first two and the last are taken. `text` is what `lines` are views into.
std::vector<std::uint8_t> asked_lines(std::string_view text, std::span<const std::string_view> lines,
                                      const Query& query);

/// About how many tokens a line costs, its line break included; cheap, and good enough to weigh a line against a
/// marker.
std::size_t estimated_tokens(std::string_view line);

/// About how many tokens a gap marker costs that says `what`.
std::size_t gap_tokens(std::size_t first, std::size_t last, std::string_view what);

}  // namespace headroom::compress::focus
