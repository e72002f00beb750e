#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/config/blocks.h"
#include "compress/config/tree.h"

namespace headroom::compress::config {

/// Why a line is left out.
enum class Left : std::uint8_t {
  kKept,
  kComment,
  kAlike,  ///< the representative of its cluster has it alike
  kCopy,   ///< stands above, line for line
  kNoise,  ///< bookkeeping of a cluster's API server, unique ids
};

std::string_view left_name(Left left);

/// Of clusters one block stays whole and of the others what differs from it; comments go unless they warn. Lines that
/// the question names stay, and blocks that it names stay whole.
std::vector<Left> select_lines(const Tree& tree, const std::vector<Cluster>& clusters,
                               const std::vector<std::uint8_t>& asked, const Query& query);

/// Marks all lines of the blocks that the question names, and those with a key of which it wants every value.
void ask_for_named(const Tree& tree, const std::vector<Cluster>& clusters, const Query& query,
                   std::vector<std::uint8_t>& asked);

}  // namespace headroom::compress::config
