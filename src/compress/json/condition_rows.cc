#include <algorithm>

#include <fmt/format.h>

#include "compress/json/candidates.h"
#include "compress/json/value_facts.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

/// The rows of one column that meet a condition.
struct Matches {
  std::uint32_t column = kMissing;
  std::string what;  ///< "quantity=0"
  std::vector<std::uint32_t> rows;
};

/// The number that a cell spells, as JSON number or as text.
std::string_view spelled(const JsonNode& node) {
  return node.kind == JsonKind::kNumber ? node.raw : node.kind == JsonKind::kString ? node.text : std::string_view();
}

bool is_zero(const JsonNode& node) {
  const std::string_view text = spelled(node);
  return text == "0" || (node.kind == JsonKind::kNumber && is_empty_value(node));
}

/// True for null, "", [], {} and words for nothing, but not for 0 and false.
bool is_nothing(const JsonNode& node) {
  return node.kind != JsonKind::kNumber && node.kind != JsonKind::kBool && is_empty_value(node);
}

/// What the column's value meets, as it is to be shown; empty for no condition.
std::string condition_met(const Candidates& c, const Column& column, std::uint32_t value) {
  const Conditions& conditions = c.question.conditions();
  if (value == 0) return conditions.empty && column.group == kMissing ? "(missing)" : "";
  const JsonNode& node = c.doc.node(column.examples[value]);
  const bool met =
      (conditions.zero && is_zero(node)) || (conditions.empty && is_nothing(node)) ||
      (!spelled(node).empty() && std::ranges::find(conditions.numbers, spelled(node)) != conditions.numbers.end());
  return met ? std::string(node.raw) : std::string();
}

Matches column_matches(const Candidates& c, std::uint32_t column) {
  const Column& data = c.table.columns[column];
  Matches out{.column = column, .what = {}, .rows = {}};
  std::vector<bool> met(data.counts.size(), false);
  for (std::uint32_t value = 0; value < data.counts.size(); ++value) {
    if (data.counts[value] == 0) continue;
    const std::string what = condition_met(c, data, value);
    if (what.empty()) continue;
    met[value] = true;
    out.what += fmt::format("{}{}", out.what.empty() ? data.name + "=" : "|", what);
  }
  if (out.what.empty()) return out;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    if (met[data.values[row]]) out.rows.push_back(row);
  }
  return out;
}

}  // namespace

/// A question may state several conditions: where one alone fits too many rows, those that meet all of them count.
void find_conditions(Candidates& c) {
  const Conditions& conditions = c.question.conditions();
  if (!conditions.zero && !conditions.empty && conditions.numbers.empty()) return;
  std::vector<Matches> large;
  for (std::uint32_t column = 0; column < c.facts.size(); ++column) {
    if (column == c.table.children || !c.facts[column].named) continue;
    Matches matches = column_matches(c, column);
    if (matches.rows.empty() || matches.rows.size() * 2 > c.rows || matches.what.size() > 60) continue;
    c.answers.push_back(fmt::format("{} in {}", matches.what, matches.rows.size()));
    if (matches.rows.size() > kMaxAnswer) {
      large.push_back(std::move(matches));
      continue;
    }
    for (std::uint32_t row : matches.rows) c.propose(Reason::kAsked, 20, row, column);
  }
  if (large.size() < 2) {
    for (const Matches& matches : large) {
      for (std::size_t at = 0; at < 3; ++at) c.propose(Reason::kAsked, 3, matches.rows[at], matches.column);
    }
    return;
  }
  std::vector<std::uint32_t> all = large.front().rows;
  for (const Matches& matches : large) {
    std::erase_if(all, [&](std::uint32_t row) { return !std::ranges::binary_search(matches.rows, row); });
  }
  if (all.size() > kMaxAnswer) all.resize(kMaxAnswer);
  for (std::uint32_t row : all) c.propose(Reason::kAsked, 20, row, large.front().column);
}

}  // namespace headroom::compress::json
