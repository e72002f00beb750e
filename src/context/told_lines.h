#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::context {

/// What stands above records that are given again, without ":": "lines 4-9 of Read a.py". `label` is the call's.
std::string records_head(bool lines, std::size_t first, std::size_t last, std::string_view label);

/// Marks those lines of the result called `label` that `told` gives again below such a head, as they are. The same
/// lines of another call tell nothing of this one's result.
void mark_told_lines(std::string_view told, std::string_view label, std::span<const std::string_view> lines,
                     std::vector<std::uint8_t>& marks);

}  // namespace headroom::context
