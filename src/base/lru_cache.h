#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace headroom::base {

/// Bounded map: when the values take more than `max_bytes`, those that were used least recently go. How many bytes a
/// value takes is for the caller to say. Thread-safe.
template <typename Value>
class LruCache {
 public:
  explicit LruCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// A copy of the value, which counts as used.
  std::optional<Value> find(std::uint64_t key) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  /// The value itself, which is no longer in the cache then.
  std::optional<Value> take(std::uint64_t key) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    std::optional<Value> value(std::move(found->second->value));
    bytes_ -= found->second->bytes;
    entries_.erase(found->second);
    by_key_.erase(found);
    return value;
  }

  /// Keeps the value, unless there is one for the key already or it alone is too large.
  void put(std::uint64_t key, Value value, std::size_t bytes) {
    if (bytes > max_bytes_) return;
    const std::lock_guard lock(mutex_);
    if (by_key_.contains(key)) return;
    entries_.push_front({key, std::move(value), bytes});
    by_key_.emplace(key, entries_.begin());
    bytes_ += bytes;
    while (bytes_ > max_bytes_) {
      bytes_ -= entries_.back().bytes;
      by_key_.erase(entries_.back().key);
      entries_.pop_back();
    }
  }

 private:
  struct Entry {
    std::uint64_t key;
    Value value;
    std::size_t bytes;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::uint64_t, typename std::list<Entry>::iterator> by_key_;
  std::size_t bytes_ = 0;
  const std::size_t max_bytes_;
};

}  // namespace headroom::base
