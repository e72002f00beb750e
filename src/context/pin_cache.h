#pragma once

#include <cstddef>
#include <memory>

#include "align/pin.h"
#include "base/hash.h"
#include "base/lru_cache.h"

namespace headroom::context {

/// What the first request of a conversation began with, until there is a second one: most requests that nobody
/// continues are not worth a row in a store. Bounded; thread-safe.
class PinCache {
 public:
  explicit PinCache(std::size_t max_bytes) : cache_(max_bytes) {}

  /// Null where there is none.
  std::shared_ptr<const align::Pin> find(const base::Hash128& conversation) {
    return cache_.find(conversation.low).value_or(nullptr);
  }
  void put(const base::Hash128& conversation, align::Pin pin);

 private:
  base::LruCache<std::shared_ptr<const align::Pin>> cache_;
};

}  // namespace headroom::context
