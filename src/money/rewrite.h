#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "money/cache_rules.h"
#include "money/cache_sign.h"
#include "money/prices.h"

namespace headroom::money {

/// Whether to change something old, given what is known when a request comes. A change breaks the cached prefix from
/// there on: what follows must be written to the cache again.
struct RewriteQuestion {
  CacheRules rules;
  Prices prices;
  std::uint64_t broken_tokens = 0;   ///< from the first changed place to where the cached prefix ends, as it is now
  std::uint64_t saved_tokens = 0;    ///< how many fewer those are afterwards; at most broken_tokens
  std::uint64_t expected_turns = 0;  ///< requests that still come after this one: expected_remaining_turns()
  std::int64_t idle_s = 0;           ///< since the last request of the conversation; below 0: this is the first
  bool caching = true;               ///< the client uses the cache: for kMarks, its requests carry marks
  bool long_ttl = false;             ///< its marks ask for the longer time
  std::int64_t unused_answers = 0;   ///< so many showed CacheSign::kUnused, and none kUsed; see kEnoughUnused
};

/// The answer with its sums, in USD, for this request ("now") and the expected ones ("later").
struct RewriteChoice {
  bool pays = false;
  bool cold = false;    ///< the cache has nothing of it any more (or there is none): all is paid anew anyway
  bool unused = false;  ///< the same for the whole session: the answers show that nothing of it is ever cached
  double keep_now = 0, keep_later = 0;
  double rewrite_now = 0, rewrite_later = 0;
  std::uint64_t expected_turns = 0;
  double break_even_turns = 0;  ///< it pays when more requests than this still come

  double keep() const { return keep_now + keep_later; }
  double rewrite() const { return rewrite_now + rewrite_later; }
  double gain() const { return keep() - rewrite(); }  ///< below 0: a loss
  /// "cold", "warm", "unused".
  std::string_view cache() const;
  /// All of it in one line, for --explain.
  std::string line() const;
};

/// Compares leaving things as they are with rewriting. Later requests are taken to come while the cache is warm, which
/// is what speaks least for rewriting. Saving nothing never pays.
RewriteChoice should_rewrite(const RewriteQuestion& question);

inline constexpr std::uint64_t kMostExpectedTurns = 100;

/// How many requests still come in a conversation that has had `turns` so far (this one included): as many again, which
/// is the median when nothing is known of its length; at least 1, at most kMostExpectedTurns.
std::uint64_t expected_remaining_turns(std::uint64_t turns);

}  // namespace headroom::money
