#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/hash.h"
#include "base/lru_cache.h"
#include "context/reread.h"

namespace headroom::context {

/// The lines that a conversation has shown, kept from one request to the next so that only new blocks are read. What is
/// taken out is the taker's until it is put back; another request of the same conversation meanwhile begins anew.
/// Bounded; thread-safe.
class ShownCache {
 public:
  explicit ShownCache(std::size_t max_bytes) : cache_(max_bytes) {}

  struct Entry {
    ShownLines lines;
    std::vector<base::Hash128> added;  ///< for each block that was added or passed over: its place and text as sent
  };

  /// The entry of the conversation if what it has seen is the beginning of `sent`; else an empty one.
  Entry take(const base::Hash128& conversation, std::span<const base::Hash128> sent);
  void put(const base::Hash128& conversation, Entry entry);

 private:
  base::LruCache<Entry> cache_;
};

}  // namespace headroom::context
