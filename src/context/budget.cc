#include "context/budget.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace headroom::context {
namespace {

constexpr std::size_t kSmallestTarget = 60;
constexpr int kRounds = 6;

/// Indexes of the results that may be shrunk, largest first.
std::vector<std::size_t> by_size(std::span<const Shrinkable> results) {
  std::vector<std::size_t> order(results.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return results[i].effort.lossless; });
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return results[i].tokens(); });
  return order;
}

}  // namespace

std::size_t fit_budget(std::span<Shrinkable> results, std::size_t total, std::size_t budget, const Redecide& redecide,
                       base::Deadline deadline) {
  const auto shrink = [&](std::size_t i, Effort effort) {
    Shrinkable& result = results[i];
    auto made = redecide(i, effort);
    if (made->report.tokens_after >= result.tokens()) return;
    total -= result.tokens() - made->report.tokens_after;
    result.decision = std::move(made);
    result.effort = effort;
  };
  for (std::size_t i : by_size(results)) {
    if (total <= budget || deadline.expired()) return total;
    Effort effort = results[i].effort;
    if (effort.profile == compress::Profile::kAggressive) continue;
    effort.profile = compress::Profile::kAggressive;
    effort.gentle = nullptr;  // who asks for a budget wants that met
    shrink(i, effort);
  }
  for (int round = 0; round < kRounds && total > budget; ++round) {
    const std::size_t before = total;
    for (std::size_t i : by_size(results)) {
      if (total <= budget || deadline.expired()) return total;
      const std::size_t now = results[i].tokens();
      const std::size_t excess = total - budget;
      // No more than is needed at first; a target that a compressor does not reach is halved.
      const std::size_t enough = round == 0 && now > excess ? now - excess : 0;
      const std::size_t target = std::max(now / 2, enough);
      if (target < kSmallestTarget || target >= now) continue;
      Effort effort = results[i].effort;
      effort.profile = compress::Profile::kAggressive;
      effort.gentle = nullptr;
      effort.target_tokens = target;
      shrink(i, effort);
    }
    if (round > 0 && total == before) break;
  }
  return total;
}

}  // namespace headroom::context
