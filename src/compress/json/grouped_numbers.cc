#include <algorithm>
#include <cmath>
#include <functional>

#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

constexpr std::size_t kMaxGroups = 16;
constexpr std::size_t kMinGroup = 8;
/// Columns that are tried as groups, and as numbers: the work is their product.
constexpr std::size_t kMaxTried = 4, kMaxNumbers = 12;
/// Share of the numbers' variance that the groups must explain to be worth a look.
constexpr double kExplained = 0.3;
constexpr double kFar = 8;

bool makes_groups(const Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  if (column == c.table.children || facts.numeric || !facts.categorical) return false;
  if (facts.distinct < 2 || facts.distinct > kMaxGroups) return false;
  const Column& data = c.table.columns[column];
  const auto large = std::ranges::count_if(data.counts, [](std::uint32_t count) { return count >= kMinGroup; });
  return large >= 2;
}

using Group = std::vector<std::pair<double, std::uint32_t>>;

/// Brings the `cut` smallest to the front and the `cut` greatest to the end, as far as find_far() and the sums need it:
/// a sort of all of them costs several times as much.
void part(Group& group, std::size_t cut) {
  const auto size = static_cast<std::ptrdiff_t>(group.size()), ends = static_cast<std::ptrdiff_t>(cut);
  if (cut < 2) {
    std::ranges::sort(group);
    return;
  }
  const auto begin = group.begin(), end = group.end();
  std::nth_element(begin, begin + size / 2, end);
  std::nth_element(begin, begin + ends, begin + size / 2);
  std::nth_element(begin + size / 2 + 1, end - ends, end);
  std::partial_sort(begin, begin + 2, begin + ends);
  std::partial_sort(group.rbegin(), group.rbegin() + 2, group.rbegin() + ends, std::greater<>());
}

/// The numbers of each group; empty when the groups tell little about them.
std::vector<Group> grouped(const Candidates& c, std::size_t by, std::size_t column) {
  std::vector<Group> groups(c.table.columns[by].counts.size());
  double sum = 0, n = 0;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    const double number = c.facts[column].numbers[c.table.columns[column].values[row]];
    if (std::isnan(number)) continue;
    groups[c.table.columns[by].values[row]].emplace_back(number, row);
    sum += number;
    ++n;
  }
  // By medians and with outliers cut, because one of them could hide what the groups explain.
  if (n < 2 * kMinGroup) return {};
  double between = 0, within = 0;
  const double mean = sum / n;
  for (Group& group : groups) {
    if (group.empty()) continue;
    const std::size_t cut = group.size() / 20;
    part(group, cut);
    double group_sum = 0, group_n = 0;
    for (std::size_t at = cut; at + cut < group.size(); ++at) {
      group_sum += group[at].first;
      ++group_n;
    }
    const double group_mean = group_sum / group_n;
    for (std::size_t at = cut; at + cut < group.size(); ++at)
      within += (group[at].first - group_mean) * (group[at].first - group_mean);
    between += group_n * (group_mean - mean) * (group_mean - mean);
  }
  if (between < kExplained * (between + within)) groups.clear();
  return groups;
}

/// Numbers far from the others of their group.
void find_far(Candidates& c, const Group& group, std::size_t column) {
  if (group.size() < kMinGroup) return;
  const double median = group[group.size() / 2].first;
  std::vector<double> deviations;
  for (const auto& [number, row] : group) deviations.push_back(std::fabs(number - median));
  std::ranges::nth_element(deviations, deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2));
  const double spread = 1.4826 * deviations[deviations.size() / 2];
  if (spread == 0) return;
  const double weight = c.facts[column].named ? 2 : 1;
  const auto offer = [&](const std::pair<double, std::uint32_t>& entry) {
    const double z = std::fabs(entry.first - median) / spread;
    if (z > kFar) c.propose(Reason::kOutlier, weight * std::log(z), entry.second, column);
  };
  for (std::size_t rank = 0; rank < 2; ++rank) {
    offer(group[rank]);
    offer(group[group.size() - 1 - rank]);
  }
}

}  // namespace

void find_grouped_numbers(Candidates& c) {
  if (c.rows < 3 * kMinGroup || c.table.kind == Table::Kind::kTree || c.table.kind == Table::Kind::kItems) return;
  std::size_t tried = 0;
  for (std::size_t by = 0; by < c.facts.size() && tried < kMaxTried; ++by) {
    if (!makes_groups(c, by)) continue;
    ++tried;
    std::size_t numbers = 0;
    for (std::size_t column = 0; column < c.facts.size() && numbers < kMaxNumbers; ++column) {
      if (!c.facts[column].numeric || c.facts[column].time) continue;
      ++numbers;
      for (const Group& group : grouped(c, by, column)) find_far(c, group, column);
    }
  }
}

}  // namespace headroom::compress::json
