#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::context {

/// For each line of a text, 1 where `shown`, which stands in its place, has that line as it is, but for blanks at its
/// ends. Gap markers of `shown` count lines of the text.
std::vector<std::uint8_t> shown_lines(std::span<const std::string_view> lines, std::string_view shown);

}  // namespace headroom::context
