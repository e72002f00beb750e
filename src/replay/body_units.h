#pragma once

#include <string_view>
#include <vector>

#include "money/cache_simulator.h"
#include "tokens/count_cache.h"
#include "tokens/tokenizer.h"
#include "wire/conversation.h"

namespace headroom::replay {

/// A request body as the units that a provider's cache sees: tools, system prompt, blocks of messages (OpenAI: whole
/// messages or items), in the order in which they are read. Where a cache mark stands is no part of a unit's bytes.
/// Tokens are of the text; an image counts as kImageTokens. Empty for what is no body of the format.
std::vector<money::Unit> units_of(wire::Api api, std::string_view body, const tokens::Tokenizer& tokenizer,
                                  tokens::CountCache& counts);

inline constexpr std::uint64_t kImageTokens = 1500;

}  // namespace headroom::replay
