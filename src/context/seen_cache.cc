#include "context/seen_cache.h"

#include <utility>

namespace headroom::context {

SeenCache::Entry SeenCache::take(const History& history) {
  auto entry = cache_.take(history.conversation.low);
  if (!entry || entry->tokens.empty() || entry->tokens.size() > history.places.size()) return {};
  // A place is a hash of all that was said up to it.
  const bool goes_on = history.places[entry->tokens.size() - 1] == entry->last;
  return goes_on ? *std::move(entry) : Entry{};
}

void SeenCache::put(const History& history, Entry entry) {
  if (history.places.empty()) return;
  static constexpr std::size_t kOverhead = 256;
  entry.last = history.places.back();
  std::size_t bytes = kOverhead + entry.tokens.size() * sizeof(std::uint32_t) +
                      entry.keys.size() * (sizeof(base::Hash128) + sizeof(std::shared_ptr<const Decision>));
  // They are held here also when the other caches have let go of them.
  for (const auto& decision : entry.placed) {
    if (decision != nullptr) bytes += decision->text.size() + decision->literal.size();
  }
  cache_.put(history.conversation.low, std::move(entry), bytes);
}

}  // namespace headroom::context
