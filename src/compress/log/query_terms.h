#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/compressor.h"
#include "compress/log/line.h"
#include "compress/log/wants.h"

namespace headroom::compress::log {

struct QueryMatch {
  /// Per line; 0: nothing in common. Grows with the number and the rarity of the words met.
  std::vector<float> score;
  /// Per line: it has a word of the user's, however common. Empty where nothing is asked.
  std::vector<bool> met;
  /// Lines that hold an exact string of the question: an id, a number, a path, something quoted. Ascending.
  std::vector<std::uint32_t> exact;
  /// Some of these hold what the question quotes, a name or a number, and not only a word that is a key there.
  bool named = false;
  /// Lines with a word of the user's that hardly any other line has. Ascending.
  std::vector<std::uint32_t> few;
  /// Of these, lines that have two words of the user's side by side, as the user has them. Ascending.
  std::vector<std::uint32_t> together;
  /// Folders that the question names: "below src/".
  std::vector<std::string> folders;
  Wants wants;
};

/// Scores all lines against the question. The user's words weigh most, then what the assistant said before the call,
/// then the call's arguments.
QueryMatch match_query(const Document& document, const Query& query);

}  // namespace headroom::compress::log
