#include "compress/json/summary.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kMaxColumns = 10;
constexpr std::size_t kMaxValues = 12;
constexpr std::size_t kMaxValueBytes = 40;

std::string value_text(const JsonDocument& doc, const Column& column, std::size_t value) {
  if (value == 0) return "(missing)";
  const JsonNode& node = doc.node(column.examples[value]);
  return std::string(node.kind == JsonKind::kString && !node.text.empty() ? node.text : node.raw);
}

/// "level INFO:86, DEBUG:9, WARN:4"; empty when the values are too long or too many to say.
std::string counts_text(const JsonDocument& doc, const Column& column) {
  std::vector<std::pair<std::uint32_t, std::size_t>> order;
  for (std::size_t value = 0; value < column.counts.size(); ++value) {
    if (column.counts[value] > 0) order.emplace_back(column.counts[value], value);
  }
  std::ranges::sort(
      order, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (order.size() == 2 && order[0].second == 0) {
    // One or two rows that alone have a member are shown anyway.
    return order[1].first <= 2 ? std::string() : fmt::format("{} in {}", column.name, order[1].first);
  }
  const std::size_t shown = order.size() <= kMaxValues ? order.size() : 6;
  std::string out = column.name;
  for (std::size_t at = 0; at < shown; ++at) {
    const std::string text = value_text(doc, column, order[at].second);
    if (text.size() > kMaxValueBytes) return {};
    out += fmt::format("{} {}:{}", at > 0 ? "," : "", text, order[at].first);
  }
  if (shown < order.size()) out += fmt::format(", {} more values", order.size() - shown);
  return out;
}

std::string range_text(const JsonDocument& doc, const Column& column, const ColumnFacts& facts) {
  std::size_t low = 0, high = 0;
  double sum = 0, count = 0;
  bool plain = !facts.time;
  for (std::size_t value = 1; value < column.counts.size(); ++value) {
    const double number = facts.numbers[value];
    if (std::isnan(number)) continue;
    if (low == 0 || number < facts.numbers[low]) low = value;
    if (high == 0 || number > facts.numbers[high]) high = value;
    sum += number * column.counts[value];
    count += column.counts[value];
    plain = plain && doc.node(column.examples[value]).kind == JsonKind::kNumber;
  }
  if (low == 0 || low == high) return {};
  const bool lists = doc.node(column.examples[low]).kind == JsonKind::kArray;
  if (lists) return fmt::format("{} {}..{} items", column.name, facts.numbers[low], facts.numbers[high]);
  std::string out = fmt::format("{} {}..{}", column.name, value_text(doc, column, low), value_text(doc, column, high));
  if (plain && count == static_cast<double>(column.cells.size())) out += fmt::format(" sum {:.10g}", sum);
  return out;
}

/// True for a column of numbers that only number the rows.
bool is_counter(const ColumnFacts& facts, const Column& column) {
  if (facts.distinct != column.cells.size()) return false;
  int steps_up = 0, steps_down = 0;
  for (std::size_t row = 1; row < column.values.size(); ++row) {
    const double step = facts.numbers[column.values[row]] - facts.numbers[column.values[row - 1]];
    steps_up += step == 1;
    steps_down += step == -1;
  }
  return static_cast<std::size_t>(std::max(steps_up, steps_down)) * 10 >= column.values.size() * 9;
}

}  // namespace

std::string summarize(const JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts,
                      std::size_t kept, const std::vector<std::string>& answers) {
  const std::size_t rows = table.rows.size();
  std::string out = table.label.empty() ? "" : table.label + ": ";
  out += fmt::format("{} of {} rows dropped", rows - kept, rows);
  std::vector<std::pair<int, std::string>> parts;
  for (const std::string& answer : answers) parts.emplace_back(-1, answer);
  for (std::size_t at = 0; at < facts.size(); ++at) {
    const Column& column = table.columns[at];
    if (at == table.children) continue;
    const bool few = facts[at].categorical && facts[at].distinct + (column.counts[0] > 0) >= 2 &&
                     facts[at].distinct <= std::max<std::size_t>(kMaxValues, rows / 10);
    std::string text;
    if (few) text = counts_text(doc, column);
    if (text.empty() && facts[at].numeric && !is_counter(facts[at], column)) text = range_text(doc, column, facts[at]);
    if (text.empty()) continue;
    const int rank = facts[at].named ? 0 : few ? 1 : 2;
    parts.emplace_back(rank, std::move(text));
  }
  std::ranges::stable_sort(parts, {}, &std::pair<int, std::string>::first);
  if (parts.size() > kMaxColumns) parts.resize(kMaxColumns);
  for (std::size_t at = 0; at < parts.size(); ++at) {
    out += at == 0 ? fmt::format("; over all {}: ", rows) : "; ";
    out += parts[at].second;
  }
  return out;
}

}  // namespace headroom::compress::json
