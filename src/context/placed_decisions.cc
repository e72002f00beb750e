#include "context/placed_decisions.h"

#include "context/decision_text.h"

namespace headroom::context {

base::Hash128 decision_key(const base::Hash128& place, std::string_view policy) {
  return base::hash128(place, policy);
}

std::vector<std::shared_ptr<const Decision>> PlacedDecisions::find(const base::Hash128& conversation,
                                                                   std::span<const base::Hash128> keys) {
  std::vector<std::shared_ptr<const Decision>> found(keys.size());
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    found[i] = memory_.find(keys[i].low ^ keys[i].high);
    if (found[i] == nullptr) missing.push_back(i);
  }
  if (store_ == nullptr || missing.empty()) return found;
  std::vector<std::string> places;
  for (const std::size_t i : missing) places.push_back(base::hash_bytes(keys[i]));
  const auto values = store_->find(base::hash_bytes(conversation), places);
  if (!values) return found;
  for (std::size_t k = 0; k < missing.size(); ++k) {
    if ((*values)[k].empty()) continue;
    auto decision = read_decision((*values)[k]);
    if (!decision) continue;
    const base::Hash128& key = keys[missing[k]];
    found[missing[k]] = keep(*std::move(decision));
    memory_.put(key.low ^ key.high, found[missing[k]]);
  }
  return found;
}

std::vector<std::shared_ptr<const Decision>> PlacedDecisions::put(const base::Hash128& conversation,
                                                                  std::span<const Made> made) {
  std::vector<std::shared_ptr<const Decision>> others(made.size());
  const auto remember = [&] {
    for (const auto& [key, decision] : made) memory_.put(key.low ^ key.high, decision);
    return std::vector<std::shared_ptr<const Decision>>{};
  };
  if (store_ == nullptr) {
    const std::lock_guard lock(deciding_);
    bool lost = false;
    for (std::size_t i = 0; i < made.size(); ++i) {
      others[i] = memory_.find(made[i].first.low ^ made[i].first.high);
      lost = lost || others[i] != nullptr;
    }
    return lost ? others : remember();
  }
  std::vector<store::DecisionRow> rows;
  for (const auto& [key, decision] : made) rows.push_back({base::hash_bytes(key), write_decision(*decision)});
  const auto there = store_->put(base::hash_bytes(conversation), rows);
  if (!there || there->empty()) return remember();
  bool lost = false;
  for (std::size_t i = 0; i < made.size(); ++i) {
    if ((*there)[i].empty()) continue;
    auto decision = read_decision((*there)[i]);
    if (!decision) continue;  // of a program that wrote otherwise: it will not be found there either
    others[i] = keep(*std::move(decision));
    memory_.put(made[i].first.low ^ made[i].first.high, others[i]);
    lost = true;
  }
  return lost ? others : remember();
}

}  // namespace headroom::context
