#include "context/decision_cache.h"

#include <utility>

namespace headroom::context {

void DecisionCache::put(std::uint64_t key, std::shared_ptr<const Decision> decision) {
  static constexpr std::size_t kOverhead = 512;  // the report and the list node, roughly
  const std::size_t bytes = decision->text.size() + kOverhead * (1 + decision->report.parts.size());
  cache_.put(key, std::move(decision), bytes);
}

}  // namespace headroom::context
