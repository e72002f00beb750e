#include "context/shown_cache.h"

#include <algorithm>
#include <utility>

namespace headroom::context {

ShownCache::Entry ShownCache::take(const base::Hash128& conversation, std::span<const base::Hash128> sent) {
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    const auto known = by_key_.find(conversation.low);
    if (known == by_key_.end()) return entry;
    entry = std::move(known->second->entry);
    bytes_ -= known->second->bytes;
    kept_.erase(known->second);
    by_key_.erase(known);
  }
  const bool goes_on =
      entry.added.size() <= sent.size() && std::ranges::equal(entry.added, sent.first(entry.added.size()));
  return goes_on ? std::move(entry) : Entry{};
}

void ShownCache::put(const base::Hash128& conversation, Entry entry) {
  const std::size_t bytes = entry.lines.bytes() + entry.added.size() * sizeof(base::Hash128) + sizeof(Kept);
  if (bytes > max_bytes_) return;
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(conversation.low)) return;
  kept_.push_front({conversation.low, std::move(entry), bytes});
  by_key_.emplace(conversation.low, kept_.begin());
  bytes_ += bytes;
  while (bytes_ > max_bytes_) {
    bytes_ -= kept_.back().bytes;
    by_key_.erase(kept_.back().key);
    kept_.pop_back();
  }
}

}  // namespace headroom::context
