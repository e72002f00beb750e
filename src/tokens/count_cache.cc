#include "tokens/count_cache.h"

#include <algorithm>

#include "base/hash.h"

namespace headroom::tokens {

std::size_t CountCache::count(const Tokenizer& tokenizer, std::string_view text) {
  if (text.size() < kDirect) return tokenizer.count(text);
  const std::uint64_t key = base::hash64(text, base::hash64(tokenizer.name()));
  Shard& shard = shards_[key % kShards];
  const std::size_t set = (key / kShards) % kSets * kWays;
  {
    const std::lock_guard lock(shard.mutex);
    if (shard.entries.empty()) shard.entries.resize(kSets * kWays);
    for (std::size_t way = 0; way < kWays; ++way) {
      const Entry& entry = shard.entries[set + way];
      if (entry.key == key && entry.length == text.size()) return entry.tokens;
    }
  }
  const std::size_t tokens = tokenizer.count(text);
  const std::lock_guard lock(shard.mutex);
  const auto newest = shard.entries.begin() + static_cast<std::ptrdiff_t>(set);
  std::move_backward(newest, newest + kWays - 1, newest + kWays);
  *newest = {key, text.size(), tokens};
  return tokens;
}

}  // namespace headroom::tokens
