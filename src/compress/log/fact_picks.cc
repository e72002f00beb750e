#include <string_view>
#include <unordered_map>
#include <vector>

#include "compress/log/facts.h"
#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

/// Rough tokens of facts that stay whatever else does.
constexpr std::size_t kMostTokens = 1500;

/// Facts that hold a value from which on it is taken for a default ("no", "0", "infinity").
constexpr std::uint32_t kDefaultFrom = 6;

}  // namespace

std::size_t pick_facts(Picks& picks) {
  std::vector<std::uint32_t> facts;
  std::unordered_map<std::string_view, std::uint32_t> held;
  std::size_t lines = 0;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    if (picks.line(i).has(kBlank)) continue;
    ++lines;
    const Fact fact = read_fact(picks.line(i));
    if (picks.repeats(i) > 1 || fact.name.empty()) continue;
    facts.push_back(i);
    ++held[fact.value];
  }
  if (facts.size() < 10 || facts.size() * 3 < lines) return 0;
  std::erase_if(facts, [&](std::uint32_t i) { return held[read_fact(picks.line(i)).value] >= kDefaultFrom; });
  std::size_t cost = 0;
  for (const std::uint32_t i : facts) cost += picks.cost(i);
  if (cost > kMostTokens) return 0;
  for (const std::uint32_t i : facts) picks.add(kAlways, i, i, Reason::kRare);
  return cost;
}

}  // namespace headroom::compress::log
