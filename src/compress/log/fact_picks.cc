#include <vector>

#include "compress/log/facts.h"
#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

/// Rough tokens of facts that stay whatever else does.
constexpr std::size_t kMostTokens = 1500;

}  // namespace

std::size_t pick_facts(Picks& picks) {
  std::vector<std::uint32_t> facts;
  std::size_t lines = 0, cost = 0;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    if (picks.line(i).has(kBlank)) continue;
    ++lines;
    if (picks.repeats(i) > 1 || fact_name(picks.line(i)).empty()) continue;
    facts.push_back(i);
    cost += picks.cost(i);
  }
  if (facts.size() < 10 || facts.size() * 3 < lines || cost > kMostTokens) return 0;
  for (const std::uint32_t i : facts) picks.add(kAlways, i, i, Reason::kRare);
  return cost;
}

}  // namespace headroom::compress::log
