#pragma once

#include <cstdint>
#include <vector>

#include "compress/compressor.h"
#include "compress/config/blocks.h"
#include "compress/config/selection.h"
#include "compress/config/tree.h"

namespace headroom::compress::config {

/// Siblings that are so many, so small and so alike that they are data rather than settings: the packages of a lock
/// file, the hosts of an inventory. Of these the first, the last, those that the question is about and those that
/// differ (a key or a value that hardly any other has) stay whole; the others go. All stay where the question is about
/// none of them. Blocks of `clusters` are not looked at.
void leave_records(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<std::uint8_t>& asked,
                   const Query& query, std::vector<Left>& lines);

}  // namespace headroom::compress::config
