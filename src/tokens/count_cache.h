#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "tokens/tokenizer.h"

namespace headroom::tokens {

/// Remembers counts of texts that come again, such as the history of a conversation. Bounded: each of a fixed number of
/// small sets gives up its least recently used entry. Holds no text, only a 64-bit hash with length and tokenizer, so
/// two texts are taken for one with a chance of about 2^-64 per pair. Thread-safe; threads wait for each other only in
/// the same one of kShards, and never while counting.
class CountCache {
 public:
  /// Texts shorter than this are counted directly: that is cheaper than looking them up.
  static constexpr std::size_t kMinLength = 64;
  /// The same for texts whose hash is known.
  static constexpr std::size_t kMinHashedLength = 16;

  /// Room for about `max_entries` counts, 24 bytes each, taken as they are needed.
  explicit CountCache(std::size_t max_entries = 1 << 16);

  /// tokenizer.count(text), from memory where it can be. `tokenizer` must outlive the cache (the built-in ones do).
  std::size_t count(const Tokenizer& tokenizer, std::string_view text);

  /// The same where a hash of the text is known already; it must be one that base::hash128 gives.
  std::size_t count(const Tokenizer& tokenizer, std::string_view text, const base::Hash128& hash);

  struct Stats {
    std::uint64_t hits = 0, misses = 0;  ///< of texts of kMinLength and more
  };
  Stats stats() const;

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kWays = 4;

  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t length = 0;  ///< low half; 0 with count 0: empty
    std::uint32_t used = 0;    ///< the shard's clock when it was last asked for
    std::uint64_t count = 0;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::vector<Entry> entries;  ///< guarded by mutex, as is all below; empty until the first count
    std::uint32_t clock = 0;
    Stats stats;
  };

  std::size_t count_hashed(const Tokenizer& tokenizer, std::string_view text, std::uint64_t hash);
  /// The entry for the text, or the one to give up for it. Call with the shard's mutex held.
  Entry& place(Shard& shard, std::uint64_t hash, std::uint32_t length) const;

  std::size_t sets_per_shard_;  ///< a power of two
  std::array<Shard, kShards> shards_;
};

}  // namespace headroom::tokens
