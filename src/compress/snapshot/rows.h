#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compress/snapshot/page_tree.h"

namespace headroom::compress::snapshot {

/// Lines that may go. Of many entries with names in one list or table ("row "Ann Lee ann@x.test Admin"") the first ones
/// and those with an asked line stay whole; of the others goes what the entry's own name says, or nearly all entries
/// have: the cells of a row, its menus and buttons. What is told of one of them only stays. `controls`: what can be
/// pressed or filled in stays in all of them.
std::vector<bool> repeated_parts(std::span<const std::string_view> lines, std::span<const Node> nodes,
                                 std::span<const std::uint8_t> asked, bool controls);

}  // namespace headroom::compress::snapshot
