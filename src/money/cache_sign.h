#pragma once

#include <cstdint>

#include "money/cache_rules.h"

namespace headroom::money {

/// What an answer says of the provider's cache, and what of the request could have been read from it.
struct CacheAnswer {
  std::uint64_t repeated_tokens = 0;  ///< that the request before had begun with, too
  std::int64_t idle_ms = -1;          ///< since that one; below 0: there was none
  std::int64_t input = -1;            ///< all tokens of the request, cached ones included; -1: the answer does not say
  std::int64_t cached = -1;           ///< tokens read from the cache; -1: the answer does not say
  std::int64_t written = -1;          ///< tokens written to it; likewise
};

enum class CacheSign : std::uint8_t {
  kNone,    ///< the answer shows nothing
  kUsed,    ///< something was read from the cache, or written to it
  kUnused,  ///< nothing was, though there was enough that could have been, and in time
};

/// Errs on the side of kNone.
CacheSign cache_sign(const CacheRules& rules, const CacheAnswer& answer);

/// So many answers in a row that show kUnused, and none that ever showed kUsed, are enough to say that nothing of a
/// conversation is cached.
inline constexpr std::int64_t kEnoughUnused = 3;

}  // namespace headroom::money
