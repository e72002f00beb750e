#include "context/pin_cache.h"

#include <utility>

namespace headroom::context {

std::shared_ptr<const align::Pin> PinCache::find(const base::Hash128& conversation) {
  const std::lock_guard lock(mutex_);
  const auto known = by_key_.find(conversation.low);
  return known == by_key_.end() ? nullptr : known->second->pin;
}

void PinCache::put(const base::Hash128& conversation, align::Pin pin) {
  static constexpr std::size_t kOverhead = 256;
  static constexpr std::size_t kPerValue = 96;
  std::size_t bytes = kOverhead + pin.tools.size() + pin.tool_values.size() * kPerValue;
  for (const align::PinnedBlock& block : pin.blocks) {
    bytes += kOverhead + block.lines.size() * sizeof(std::uint32_t) + block.values.size() * kPerValue;
  }
  const std::lock_guard lock(mutex_);
  if (bytes > max_bytes_ || by_key_.contains(conversation.low)) return;
  kept_.push_front({conversation.low, std::make_shared<const align::Pin>(std::move(pin)), bytes});
  by_key_.emplace(conversation.low, kept_.begin());
  bytes_ += bytes;
  while (bytes_ > max_bytes_) {
    bytes_ -= kept_.back().bytes;
    by_key_.erase(kept_.back().key);
    kept_.pop_back();
  }
}

}  // namespace headroom::context
