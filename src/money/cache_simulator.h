#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "money/cache_rules.h"
#include "money/prices.h"

namespace headroom::money {

/// Whether a cache mark stands at the end of a unit, and for how long it asks.
enum class Mark : std::uint8_t { kNone, kShort, kLong };

/// A piece of a request in the order in which the provider reads it: a tool, a part of the system prompt, a block of a
/// message. Two units with the same hash are the same bytes.
struct Unit {
  std::uint64_t hash = 0;
  std::uint64_t tokens = 0;
  Mark mark = Mark::kNone;
};

/// Why a request found less in the cache than the one before had left there.
enum class BreakCause : std::uint8_t {
  kNone,      ///< it found all of it
  kFirst,     ///< there was none before
  kChanged,   ///< what was cached reads differently now
  kExpired,   ///< it came too late
  kLookBack,  ///< more blocks were added than are looked back from a mark, or the marks are gone
  kTooShort,  ///< the one before was under the minimum, so it had left nothing; nothing is paid twice
};
std::string_view break_cause_name(BreakCause cause);

/// What the cache did for one request.
struct CacheStep {
  Usage usage;  ///< of the input
  BreakCause cause = BreakCause::kNone;
  std::size_t common_units = 0;   ///< with the request before, from the start
  std::size_t cached_units = 0;   ///< that the request before had left in the cache
  std::uint64_t lost_tokens = 0;  ///< cached before, paid for again now
};

/// The prompt cache of a provider as one conversation sees it: exact prefixes of units, at the granularity, for the
/// time and from the size that the rules say. An entry that is read lives on from then. Not thread-safe.
class CacheSimulator {
 public:
  explicit CacheSimulator(const CacheRules& rules) : rules_(rules) {}

  /// Before the first request: what others have left in the cache that this conversation begins with, all of it marked.
  void prime(std::span<const Unit> units, std::int64_t time_s);

  /// The next request, sent at `time_s`. Times must not go back.
  CacheStep step(std::span<const Unit> units, std::int64_t time_s);

 private:
  struct Entry {
    std::int64_t used_s = 0;
    std::int64_t ttl_s = 0;
  };
  /// A request as sums over its units: element i is for the first i of them.
  struct Prefixes {
    std::vector<std::uint64_t> hash;
    std::vector<std::uint64_t> tokens;
  };

  static Prefixes prefixes_of(std::span<const Unit> units);
  bool alive(std::uint64_t hash, std::int64_t time_s) const;
  /// How many units of the request are cached.
  std::size_t find(std::span<const Unit> units, const Prefixes& prefixes, std::int64_t time_s) const;
  std::uint64_t rounded(std::uint64_t tokens) const;
  std::int64_t ttl_of(Mark mark) const;
  /// Counts, writes entries, and gives how many units the cache then holds.
  std::size_t fill_marked(std::span<const Unit> units, const Prefixes& prefixes, std::size_t hit, std::int64_t time_s,
                          Usage& usage);
  std::size_t fill_automatic(const Prefixes& prefixes, std::size_t hit, std::int64_t time_s, Usage& usage);

  const CacheRules rules_;
  std::unordered_map<std::uint64_t, Entry> entries_;  ///< by the hash of the prefix
  bool first_ = true;
  std::vector<std::uint64_t> before_;  ///< prefix hashes of the request before
  std::size_t held_units_ = 0;         ///< of it, in the cache
  std::uint64_t held_tokens_ = 0;
  std::int64_t held_until_s_ = 0;
  bool too_short_ = false;  ///< it asked for caching, and was under the minimum
};

}  // namespace headroom::money
