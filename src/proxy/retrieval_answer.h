#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "store/original_store.h"
#include "tokens/tokenizer.h"

namespace headroom::proxy {

/// What the model gets for a call of the retrieve tool.
struct Retrieved {
  std::string text;
  bool hit = false;
  std::size_t tokens = 0;    ///< of `text`
  std::string tool_name;     ///< whose result the original is
  std::string content_type;  ///< of the original
  std::string id;            ///< of the original
};

/// Answers a call from the store: the whole original, or the part that "line_range", "items" or "query" asks for.
/// `own` are the originals that the request itself has sent in full and markers stand for: the store is everybody's,
/// and no other hash is looked up in it, whoever has told it to the model; nor is what another project has stored.
/// Never fails: a miss says what to do instead. What is longer than `max_tokens` is cut behind a line, and says so.
Retrieved answer_retrieval(store::OriginalStore& store, std::span<const std::string> own, std::string_view arguments,
                           std::string_view project, const tokens::Tokenizer& tokenizer, std::size_t max_tokens);

/// For a call that is not answered any more in this turn.
Retrieved refuse_retrieval(std::string_view why, const tokens::Tokenizer& tokenizer);

}  // namespace headroom::proxy
