#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compress/snapshot/page_tree.h"

namespace headroom::compress::snapshot {

/// Lines that may go. Of many entries with names in one list or table ("row "Ann Lee ann@x.test Admin"") the first ones
/// stay whole; of those with an asked line go the cells that the entry's own name says; of the others all that the name
/// says, or that nearly all entries have. What is told of one of them only stays, and so does what can be pressed or
/// filled in, where that is little and the list is short. `controls`: in all of them.
std::vector<bool> repeated_parts(std::span<const std::string_view> lines, std::span<const Node> nodes,
                                 std::span<const std::uint8_t> asked, bool controls);

}  // namespace headroom::compress::snapshot
