#pragma once

#include <cstdint>
#include <vector>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// One of many like records of several lines each.
struct LikeBlock {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  ///< last line that is not blank
};

struct LikeBlocks {
  std::vector<LikeBlock> blocks;  ///< ascending, disjoint
  /// Per line: most blocks have one or two lines that begin like it, and so has its own.
  std::vector<bool> field;
};

/// The records of a text that consists of them for the most part, whatever their form: the same line ends each
/// ("end_of_record"), begins each ("BEGIN:VEVENT") or parts them ("-----"), or blank lines do, and most of them have
/// lines that begin alike. Empty for any other text, and for a log with times. Linear.
LikeBlocks find_like_blocks(const Document& document);

}  // namespace headroom::compress::log
