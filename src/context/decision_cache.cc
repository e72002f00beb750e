#include "context/decision_cache.h"

#include <utility>

#include "base/json_string.h"

namespace headroom::context {

std::shared_ptr<const Decision> keep(Decision decision) {
  if (decision.replaced) {
    decision.literal = base::encode_json_string(decision.text);
    decision.literal.shrink_to_fit();
    decision.text_hash = base::hash128(decision.text);
  }
  return std::make_shared<const Decision>(std::move(decision));
}

void DecisionCache::put(std::uint64_t key, std::shared_ptr<const Decision> decision) {
  static constexpr std::size_t kOverhead = 512;  // the report and the list node, roughly
  const std::size_t bytes =
      decision->text.size() + decision->literal.size() + kOverhead * (1 + decision->report.parts.size());
  cache_.put(key, std::move(decision), bytes);
}

}  // namespace headroom::context
