#include "context/pin_cache.h"

#include <utility>

namespace headroom::context {

void PinCache::put(const base::Hash128& conversation, align::Pin pin) {
  static constexpr std::size_t kOverhead = 256;
  static constexpr std::size_t kPerValue = 96;
  std::size_t bytes = kOverhead + pin.tools.size() + pin.tool_values.size() * kPerValue;
  for (const align::PinnedBlock& block : pin.blocks) {
    bytes += kOverhead + block.lines.size() * sizeof(std::uint32_t) + block.values.size() * kPerValue;
  }
  cache_.put(conversation.low, std::make_shared<const align::Pin>(std::move(pin)), bytes);
}

}  // namespace headroom::context
