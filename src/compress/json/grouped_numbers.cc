#include <algorithm>
#include <cmath>

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

/// The rows in order of their numbers, equal ones from the top; rows without a number are left out. Only the numbers
/// that differ are sorted.
std::vector<std::uint32_t> rows_by_number(const Column& column, const std::vector<double>& numbers) {
  std::vector<std::pair<double, std::uint32_t>> values;
  for (std::uint32_t value = 0; value < numbers.size(); ++value) {
    if (!std::isnan(numbers[value])) values.emplace_back(numbers[value], value);
  }
  if (!std::ranges::is_sorted(values)) std::ranges::sort(values);  // ids mostly are
  std::vector<std::uint32_t> ranks(numbers.size(), kMissing);
  std::vector<std::uint32_t> next;  // where the next row of a rank goes
  std::uint32_t rows = 0;
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (at == 0 || values[at].first != values[at - 1].first) next.push_back(rows);
    ranks[values[at].second] = static_cast<std::uint32_t>(next.size() - 1);
    rows += column.counts[values[at].second];
  }
  std::vector<std::uint32_t> order(rows);
  for (std::uint32_t row = 0; row < column.values.size(); ++row) {
    if (const std::uint32_t rank = ranks[column.values[row]]; rank != kMissing) order[next[rank]++] = row;
  }
  return order;
}

/// The numbers of each group in order; empty when the groups tell little about them. `order`: rows_by_number().
std::vector<Group> grouped(const Candidates& c, std::size_t by, std::size_t column,
                           const std::vector<std::uint32_t>& order) {
  // By medians and with outliers cut, because one of them could hide what the groups explain.
  if (order.size() < 2 * kMinGroup) return {};
  const Column& keys = c.table.columns[by];
  std::vector<Group> groups(keys.counts.size());
  for (std::size_t key = 0; key < groups.size(); ++key) groups[key].reserve(keys.counts[key]);
  double sum = 0;
  for (const std::uint32_t row : order) {
    const double number = c.facts[column].numbers[c.table.columns[column].values[row]];
    groups[keys.values[row]].emplace_back(number, row);
    sum += number;
  }
  double between = 0, within = 0;
  const double mean = sum / static_cast<double>(order.size());
  for (const Group& group : groups) {
    if (group.empty()) continue;
    const std::size_t cut = group.size() / 20;
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
  // Of several at one end the first tells since when.
  const auto offer_first = [&](auto begin, auto end) {
    auto first = begin;
    std::size_t far = 0;
    for (auto at = begin; at != end && std::fabs(at->first - median) > kFar * spread; ++at, ++far) {
      if (at->second < first->second) first = at;
    }
    if (far > 2) offer(*first);
  };
  offer_first(group.begin(), group.end());
  offer_first(group.rbegin(), group.rend());
}

}  // namespace

void find_grouped_numbers(Candidates& c) {
  if (c.rows < 3 * kMinGroup || c.table.kind == Table::Kind::kTree || c.table.kind == Table::Kind::kItems) return;
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < c.facts.size() && columns.size() < kMaxNumbers; ++column) {
    if (c.facts[column].numeric && !c.facts[column].time) columns.push_back(column);
  }
  std::vector<std::vector<std::uint32_t>> orders;  // of these, made when the first groups are there
  std::size_t tried = 0;
  for (std::size_t by = 0; by < c.facts.size() && tried < kMaxTried; ++by) {
    if (!makes_groups(c, by)) continue;
    ++tried;
    for (std::size_t at = 0; at < columns.size(); ++at) {
      const std::size_t column = columns[at];
      if (orders.size() == at) orders.push_back(rows_by_number(c.table.columns[column], c.facts[column].numbers));
      for (const Group& group : grouped(c, by, column, orders[at])) find_far(c, group, column);
    }
  }
}

}  // namespace headroom::compress::json
