#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/hash.h"
#include "base/lru_cache.h"
#include "context/decision_cache.h"
#include "context/history.h"

namespace headroom::context {

/// What a request has found out about the blocks of its conversation, block after block, so that the next request reads
/// it from one place instead of looking up each block where all conversations are. It only repeats what the caches and
/// the store say. What is taken out is the taker's until it is put back; another request of the same conversation
/// meanwhile looks everything up. Bounded; thread-safe.
class SeenCache {
 public:
  explicit SeenCache(std::size_t max_bytes) : cache_(max_bytes) {}

  struct Entry {
    base::Hash128 last;                 ///< the place of the last block
    std::vector<std::uint32_t> tokens;  ///< by block
    std::vector<base::Hash128> keys;    ///< by result that may be touched: of the decision at its place
    std::vector<std::shared_ptr<const Decision>> placed;  ///< likewise
    std::shared_ptr<const GentleTools> gentle;            ///< what holds for the conversation; null: not read yet
  };

  /// The conversation's entry if what it is about is the beginning of what is there now; else an empty one.
  Entry take(const History& history);
  void put(const History& history, Entry entry);

 private:
  base::LruCache<Entry> cache_;
};

}  // namespace headroom::context
