#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "context/decision_cache.h"
#include "tokens/tokenizer.h"
#include "wire/conversation.h"

namespace headroom::context {

/// BlockReport::strategy of such a marker.
inline constexpr std::string_view kSupersededStrategy = "reread:superseded";

/// A result as it was sent.
struct Sent {
  std::size_t block = 0;
  const Decision* decision = nullptr;
};

/// A result that a later one has overtaken, so that a marker may stand in its place.
struct Superseded {
  std::size_t block = 0;
  std::size_t by = 0;            ///< the block of the later one
  std::size_t saved_tokens = 0;  ///< about
};

/// Of the results that were sent, those that a later result of the very same call (the same file read again, the same
/// tests run again), up to block `newest`, has overtaken, and that no other block points at; in order. Those that a
/// marker would not make much smaller are left out.
std::vector<Superseded> find_superseded(const wire::Conversation& conversation, std::size_t newest,
                                        std::span<const Sent> sent);

/// The marker for such a result, whose block has the index and was sent as `sent`.
std::shared_ptr<const Decision> superseded_marker(const wire::Block& block, std::size_t index, const Decision& sent,
                                                  const tokens::Tokenizer& tokenizer);

}  // namespace headroom::context
