#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context/reread.h"

namespace headroom::context {

/// A result and an earlier one, as they are and as they are sent.
struct ResultPair {
  std::string_view original, sent;         ///< of the new one; `sent` is what it would be sent as
  std::string_view earlier, earlier_sent;  ///< of the earlier one
  std::size_t earlier_block = 0;           ///< index in Conversation::blocks
};

struct SameResult {
  std::vector<Repeat> repeats;    ///< lines of the original that the earlier result stands for, in order
  std::vector<bool> with_gaps;    ///< for each: some of its lines are left out there, too
  std::vector<std::string> rest;  ///< what is sent before, between and behind them: one more than repeats
  std::size_t kept = 0;           ///< lines of the original in `rest`
};

/// Where both results begin or end with the same lines, and all that would be shown of those is shown of the earlier
/// one, that one can stand for them: a file that is read again needs no second outline. Line numbers of file views do
/// not count, so what moved is found as well. nullopt where that is not worth a reference, or where one of the two is
/// not sent as lines of its original and gaps between them.
std::optional<SameResult> same_result(const ResultPair& pair);

/// The text that is sent: `rest` with a gap for each repeat that names the earlier result, and the handle.
std::string with_references(const SameResult& same, std::string_view source, std::string_view handle);

}  // namespace headroom::context
