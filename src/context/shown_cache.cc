#include "context/shown_cache.h"

#include <algorithm>
#include <utility>

namespace headroom::context {

ShownCache::Entry ShownCache::take(const base::Hash128& conversation, std::span<const base::Hash128> sent) {
  auto entry = cache_.take(conversation.low);
  if (!entry) return {};
  const std::size_t seen = entry->added.size();
  const bool goes_on = seen <= sent.size() && std::ranges::equal(entry->added, sent.first(seen));
  return goes_on ? *std::move(entry) : Entry{};
}

void ShownCache::put(const base::Hash128& conversation, Entry entry) {
  static constexpr std::size_t kOverhead = 256;
  const std::size_t bytes = entry.lines.bytes() + entry.added.size() * sizeof(base::Hash128) + kOverhead;
  cache_.put(conversation.low, std::move(entry), bytes);
}

}  // namespace headroom::context
