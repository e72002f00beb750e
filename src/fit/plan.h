#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokens/tokenizer.h"
#include "wire/conversation.h"

namespace headroom::fit {

/// A block as it will be sent: what compression made of it, or the text as it came.
struct SentBlock {
  std::string_view text;
  std::size_t tokens = 0;
};

/// Messages that are taken away, half open, in the body's own count.
struct Removal {
  std::uint32_t first_message = 0, end_message = 0;
  std::size_t tokens = 0;  ///< what its blocks took
  std::string reason;
  bool operator==(const Removal&) const = default;
};

/// What is to fit into what. The conversation and the texts must outlive the call.
struct Window {
  const wire::Conversation& conversation;
  std::span<const SentBlock> sent;  ///< one for each block of the conversation
  const tokens::Tokenizer& tokenizer;
  std::size_t budget = 0;              ///< tokens for the blocks and `overhead`; 0: no limit, so nothing is planned
  std::size_t overhead = 0;            ///< tokens of what is no block: tools, images
  double fill = 0.8;                   ///< a plan aims at this part of the budget, so that the next turns still fit
  std::size_t keep_rounds = 4;         ///< the last rounds stay as they are ...
  std::size_t keep_steps = 8;          ///< ... but in rounds of many calls only the last so many; 0: rounds stay whole
  std::span<const Removal> gone = {};  ///< taken away already: their blocks take no tokens; a marker names them, too
};

/// A block that is sent with another text.
struct Reduction {
  std::uint32_t block = 0;
  std::string text;
  std::vector<std::string> original_ids;  ///< what its markers name, all in Plan::originals
  std::int64_t tokens = 0;                ///< saved; below 0 where a marker for removed messages stands before the text
  std::string reason;
  bool operator==(const Reduction&) const = default;
};

/// To be stored before the plan is carried out.
struct Original {
  std::string id;  ///< base::content_id(text)
  std::string text;
  bool operator==(const Original&) const = default;
};

/// What to do. A pure function of the Window; carried out again on later turns it gives the same bytes, as indices
/// count from the front. No reduction lies in a removed message; edits that others made there must be dropped.
struct Plan {
  std::vector<Removal> removals;      ///< in order, apart from each other
  std::vector<Reduction> reductions;  ///< by block, each once
  std::vector<Original> originals;
  std::size_t tokens_before = 0, tokens_after = 0;
  bool met = true;    ///< tokens_after is within the budget
  std::string unmet;  ///< why not: what had to stay

  bool empty() const { return removals.empty() && reductions.empty(); }
};

}  // namespace headroom::fit
