#include "tokens/count_cache.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace headroom::tokens {

CountCache::CountCache(std::size_t max_entries)
    : sets_per_shard_(std::bit_floor(std::max<std::size_t>(max_entries / (kShards * kWays), 1))) {}

CountCache::Entry& CountCache::place(Shard& shard, std::uint64_t hash, std::uint32_t length) const {
  if (shard.entries.empty()) shard.entries.resize(sets_per_shard_ * kWays);
  Entry* set = &shard.entries[(hash >> 8 & (sets_per_shard_ - 1)) * kWays];
  Entry* oldest = set;
  for (Entry* entry = set; entry != set + kWays; ++entry) {
    if (entry->hash == hash && entry->length == length && entry->count != 0) return *entry;
    // Ages are differences, so that they survive the clock's wrap-around.
    if (shard.clock - entry->used > shard.clock - oldest->used) oldest = entry;
  }
  return *oldest;
}

std::size_t CountCache::count(const Tokenizer& tokenizer, std::string_view text) {
  if (text.size() < kMinLength) return tokenizer.count(text);
  return count(tokenizer, text, base::hash128(text));
}

std::size_t CountCache::count(const Tokenizer& tokenizer, std::string_view text, const base::Hash128& hash) {
  if (text.size() < kMinHashedLength) return tokenizer.count(text);
  return count_hashed(tokenizer, text, hash.low ^ (reinterpret_cast<std::uintptr_t>(&tokenizer) * 0x9E3779B97F4A7C15u));
}

std::size_t CountCache::count_hashed(const Tokenizer& tokenizer, std::string_view text, std::uint64_t hash) {
  const auto length = static_cast<std::uint32_t>(text.size());
  Shard& shard = shards_[hash % kShards];
  {
    const std::lock_guard lock(shard.mutex);
    Entry& entry = place(shard, hash, length);
    if (entry.hash == hash && entry.length == length && entry.count != 0) {
      ++shard.stats.hits;
      entry.used = ++shard.clock;
      return entry.count;
    }
    ++shard.stats.misses;
  }
  const std::size_t tokens = tokenizer.count(text);
  const std::lock_guard lock(shard.mutex);
  place(shard, hash, length) = {hash, length, ++shard.clock, tokens};
  return tokens;
}

CountCache::Stats CountCache::stats() const {
  Stats total;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    total.hits += shard.stats.hits;
    total.misses += shard.stats.misses;
  }
  return total;
}

}  // namespace headroom::tokens
