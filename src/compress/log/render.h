#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compress/log/selection.h"

namespace headroom::compress::log {

/// Lines that are shown in part, and what of them.
using ShortLines = std::unordered_map<std::uint32_t, std::string>;

/// The kept lines with a gap marker for every run of dropped ones, and the handle marker as the last line. Gap markers
/// name the commonest templates of the gap where that is cheap beside what the gap removed; the handle sums up the
/// whole block, kept lines included. A kept line that is in `parts` becomes a gap marker that says its part.
std::string render(const Analysis& analysis, const std::vector<Reason>& keep, const ShortLines& parts,
                   std::string_view id);

}  // namespace headroom::compress::log
