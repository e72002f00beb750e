#include <algorithm>
#include <array>

#include "base/text.h"
#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kMostNumbers = 6;

std::string_view digits_of(const JsonNode& node) {
  const std::string_view text = node.kind == JsonKind::kNumber   ? node.raw
                                : node.kind == JsonKind::kString ? node.text
                                                                 : std::string_view();
  const bool all = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return all ? text : std::string_view();
}

/// By its name, or as the first of all, a column whose numbers people call rows by.
bool names_rows(const Column& column, std::size_t index) {
  static constexpr std::array<std::string_view, 14> kNames = {"id",  "key", "no",   "nr",   "num",   "number", "index",
                                                              "idx", "pid", "line", "rank", "issue", "pr",     "#"};
  if (index == 0 || column.name == "#") return true;
  const std::vector<std::string> words = base::words(column.name);
  return !words.empty() && std::ranges::any_of(words, [](const std::string& word) {
    return std::ranges::find(kNames, word) != kNames.end();
  });
}

/// Every row has a whole number of its own.
bool is_key(const Candidates& c, std::size_t index) {
  const Column& column = c.table.columns[index];
  if (c.facts[index].distinct != c.rows || column.counts[0] > 0 || !names_rows(column, index)) return false;
  return std::ranges::all_of(column.examples.begin() + 1, column.examples.end(),
                             [&](std::uint32_t node) { return !digits_of(c.doc.node(node)).empty(); });
}

}  // namespace

/// "order 47", "line 12": the row whose number that is, however short the number.
void find_keys(Candidates& c) {
  const std::vector<std::string>& numbers = c.question.conditions().numbers;
  if (numbers.empty() || numbers.size() > kMostNumbers || c.table.kind == Table::Kind::kItems) return;
  for (std::size_t index = 0; index < c.table.columns.size(); ++index) {
    if (index == c.table.children || !is_key(c, index)) continue;
    for (std::uint32_t row = 0; row < c.rows; ++row) {
      const std::uint32_t value = c.table.columns[index].values[row];
      const std::string_view number = digits_of(c.doc.node(c.table.columns[index].examples[value]));
      if (std::ranges::find(numbers, number) != numbers.end()) c.propose(Reason::kAsked, 12, row, index);
    }
  }
}

}  // namespace headroom::compress::json
