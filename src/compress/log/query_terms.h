#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/compressor.h"
#include "compress/log/line.h"

namespace headroom::compress::log {

/// What a question asks for besides its words.
struct Wants {
  bool extreme = false;  ///< the slowest, the largest, the most: minima and maxima are part of the answer
  bool first = false;
  bool last = false;
};

struct QueryMatch {
  /// Per line; 0: nothing in common. Grows with the number and the rarity of the words met.
  std::vector<float> score;
  /// Lines that hold an exact string of the question: an id, a number, a path, something quoted. Ascending.
  std::vector<std::uint32_t> exact;
  Wants wants;
};

/// Scores all lines against the question. The user's words weigh most, then what the assistant said before the call,
/// then the call's arguments.
QueryMatch match_query(const Document& document, const Query& query);

}  // namespace headroom::compress::log
