#include "compress/table/statistics.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace headroom::compress::table {
namespace {

constexpr std::size_t kMaxGroups = 40;

std::string_view text_of(const View& view, const json::Column& column, std::size_t value) {
  const base::JsonNode& node = view.document.node(column.examples[value]);
  return node.kind == base::JsonKind::kString ? node.text : node.raw;
}

/// Sums of decimal numbers are shown with the decimals that decimal numbers have.
std::string plain(double number) {
  return fmt::format("{:.12g}", std::round(number * 1e6) / 1e6);
}

}  // namespace

bool is_plain_number_column(const View& view, const json::ColumnFacts& facts, std::size_t column) {
  if (!facts.numeric || facts.time) return false;
  const json::Column& data = view.table.columns[column];
  for (std::size_t value = 1; value < data.counts.size(); ++value) {
    if (view.document.node(data.examples[value]).kind != base::JsonKind::kNumber) return false;
  }
  return true;
}

std::string number_statistics(const View& view, const json::ColumnFacts& facts, std::size_t column,
                              const std::vector<bool>& rows) {
  if (!is_plain_number_column(view, facts, column)) return {};
  const json::Column& data = view.table.columns[column];
  std::vector<double> numbers;
  for (std::size_t row = 0; row < data.values.size(); ++row) {
    if (!rows.empty() && !rows[row]) continue;
    if (const double number = facts.numbers[data.values[row]]; !std::isnan(number)) numbers.push_back(number);
  }
  if (numbers.empty()) return {};
  double sum = 0;
  for (const double number : numbers) sum += number;
  std::ranges::sort(numbers);
  const std::size_t middle = numbers.size() / 2;
  const double median = numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
  return fmt::format("{}: {} values, sum {}, mean {}, median {}, min {}, max {}", data.name, numbers.size(), plain(sum),
                     plain(sum / static_cast<double>(numbers.size())), plain(median), plain(numbers.front()),
                     plain(numbers.back()));
}

std::string group_statistics(const View& view, const std::vector<json::ColumnFacts>& facts, std::size_t column,
                             std::size_t number, const std::vector<bool>& rows) {
  const json::Column& data = view.table.columns[column];
  struct Group {
    std::size_t value = 0, rows = 0;
    double sum = 0;
  };
  std::vector<Group> groups(data.counts.size());
  for (std::size_t row = 0; row < data.values.size(); ++row) {
    if (!rows.empty() && !rows[row]) continue;
    Group& group = groups[data.values[row]];
    group.value = data.values[row];
    ++group.rows;
    if (number == std::string::npos) continue;
    const double add = facts[number].numbers[view.table.columns[number].values[row]];
    group.sum += std::isnan(add) ? 0 : add;
  }
  std::erase_if(groups, [](const Group& group) { return group.rows == 0; });
  if (groups.size() > kMaxGroups || groups.empty()) return {};
  std::ranges::stable_sort(groups, [](const Group& a, const Group& b) { return a.rows > b.rows; });
  std::string out = number == std::string::npos ? fmt::format("rows by {}:", data.name)
                                                : fmt::format("{} by {}:", view.table.columns[number].name, data.name);
  for (const Group& group : groups) {
    const std::string_view name = group.value == 0 ? "(empty)" : text_of(view, data, group.value);
    if (name.size() > 60) return {};
    if (number == std::string::npos) {
      out += fmt::format(" {} {},", name, group.rows);
    } else {
      out += fmt::format(" {} sum {} mean {} of {},", name, plain(group.sum),
                         plain(group.sum / static_cast<double>(group.rows)), group.rows);
    }
  }
  out.pop_back();
  return out;
}

}  // namespace headroom::compress::table
