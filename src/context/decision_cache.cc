#include "context/decision_cache.h"

namespace headroom::context {

std::shared_ptr<const Decision> DecisionCache::find(std::uint64_t key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->decision;
}

void DecisionCache::put(std::uint64_t key, std::shared_ptr<const Decision> decision) {
  static constexpr std::size_t kOverhead = 512;  // the report and the list node, roughly
  const std::size_t bytes = decision->text.size() + kOverhead * (1 + decision->report.parts.size());
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key) || bytes > max_bytes_) return;
  entries_.push_front({key, std::move(decision), bytes});
  by_key_.emplace(key, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().bytes;
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

}  // namespace headroom::context
