#include <algorithm>
#include <map>

#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

constexpr std::size_t kMostErrors = 40;  // rows that tell of a failure; where there are more, each stands for itself
constexpr std::size_t kLargestGroup = 10;
constexpr std::size_t kMostGroups = 6;
constexpr std::size_t kWidest = 4;  // rows from the first to the last of a group, for each of its rows

/// The rows of each value of the column that has a few rows only, near each other; else empty.
std::map<std::uint32_t, std::vector<std::uint32_t>> groups_of(const Candidates& c, std::size_t index,
                                                              const std::vector<std::uint32_t>& errors) {
  const Column& column = c.table.columns[index];
  std::map<std::uint32_t, std::vector<std::uint32_t>> groups;
  for (const std::uint32_t row : errors) {
    const std::uint32_t value = column.values[row];
    if (value != 0 && column.counts[value] > 1 && column.counts[value] <= kLargestGroup) groups[value] = {};
  }
  if (groups.empty() || groups.size() > kMostGroups) return {};
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    const auto group = groups.find(column.values[row]);
    if (group != groups.end()) group->second.push_back(row);
  }
  std::erase_if(groups, [](const auto& group) {
    const std::vector<std::uint32_t>& rows = group.second;
    return rows.back() - rows.front() + 1 > kWidest * rows.size();
  });
  return groups;
}

}  // namespace

/// What happened to one thing (a request, a test, a job) stands in several rows: where one of them tells of a failure,
/// the others say why.
void find_failed_groups(Candidates& c) {
  std::vector<std::uint32_t> errors;
  for (const Candidate& candidate : c.list) {
    if (candidate.reason == Reason::kError) errors.push_back(candidate.row);
  }
  std::ranges::sort(errors);
  const auto same = std::ranges::unique(errors);
  errors.erase(same.begin(), same.end());
  if (errors.empty() || errors.size() > kMostErrors) return;
  for (std::size_t index = 0; index < c.table.columns.size(); ++index) {
    const ColumnFacts& facts = c.facts[index];
    // A column that tells things apart: many values, most of them in several rows.
    if (index == c.table.children || facts.numeric || facts.time || facts.distinct * 2 > facts.present) continue;
    if (facts.distinct * kLargestGroup < facts.present) continue;
    for (const auto& [value, rows] : groups_of(c, index, errors)) {
      for (const std::uint32_t row : rows) c.propose(Reason::kError, 0.1, row, index);
    }
  }
}

}  // namespace headroom::compress::json
