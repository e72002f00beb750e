#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "align/pin.h"
#include "base/hash.h"

namespace headroom::context {

/// What the first request of a conversation began with, until there is a second one: most requests that nobody
/// continues are not worth a row in a store. Bounded; thread-safe.
class PinCache {
 public:
  explicit PinCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  std::shared_ptr<const align::Pin> find(const base::Hash128& conversation);
  void put(const base::Hash128& conversation, align::Pin pin);

 private:
  struct Kept {
    std::uint64_t key;
    std::shared_ptr<const align::Pin> pin;
    std::size_t bytes;
  };
  std::mutex mutex_;
  std::list<Kept> kept_;  // newest first
  std::unordered_map<std::uint64_t, std::list<Kept>::iterator> by_key_;
  std::size_t bytes_ = 0;
  std::size_t max_bytes_;
};

}  // namespace headroom::context
