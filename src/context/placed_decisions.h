#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "context/decision_cache.h"
#include "store/decision_store.h"

namespace headroom::context {

/// Decisions by the place of their block: first in memory, then in the store that outlives the process. Thread-safe.
class PlacedDecisions {
 public:
  /// `store` may be nullptr and must outlive this.
  PlacedDecisions(store::DecisionStore* store, std::size_t max_bytes) : store_(store), memory_(max_bytes) {}

  /// What is known for each key; null where nothing is, or the store cannot be read.
  std::vector<std::shared_ptr<const Decision>> find(const base::Hash128& conversation,
                                                    std::span<const base::Hash128> keys);

  using Made = std::pair<base::Hash128, std::shared_ptr<const Decision>>;
  /// Remembers what was decided, and gives nothing. When others were faster, here or elsewhere, nothing is remembered:
  /// then it gives what they decided, null where they have not. What the store does not take only this process knows.
  std::vector<std::shared_ptr<const Decision>> put(const base::Hash128& conversation, std::span<const Made> made);

 private:
  store::DecisionStore* store_;
  DecisionCache memory_;
  std::mutex deciding_;  ///< so that the first counts where there is no store
};

/// The key of a decision made at a place under a policy.
base::Hash128 decision_key(const base::Hash128& place, std::string_view policy);

}  // namespace headroom::context
