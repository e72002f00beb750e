#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/config/blocks.h"
#include "compress/config/selection.h"
#include "compress/config/tree.h"
#include "compress/focus/repeat_lines.h"

namespace headroom::compress::config {

/// Puts lines back into the selection where a gap would cost as much as they do.
void settle(const Tree& tree, const std::vector<Cluster>& clusters, std::vector<Left>& lines);

/// Leaves out kept lines that stand above as kept lines already, but for those that `stays` marks.
std::vector<focus::Repeat> drop_repeats(const Tree& tree, const std::vector<std::uint8_t>& stays,
                                        std::vector<Left>& lines);

/// The kept lines with a gap for every run of others and the handle at the end. Gaps say which block a left-out one is
/// like, what it lacks, and under which keys the next line stands; never a value.
std::string render(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<Left>& lines,
                   const std::vector<focus::Repeat>& repeats, std::string_view id);

}  // namespace headroom::compress::config
