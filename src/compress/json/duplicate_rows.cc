#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kMinRows = 12;
constexpr std::size_t kMaxIdBytes = 80;

/// Words in the names of columns whose numbers are ids. Other numbers meet by chance.
constexpr std::array<std::string_view, 9> kIdWords = {"id",  "uuid",   "guid", "key", "number",
                                                      "sku", "serial", "pid",  "ref"};

bool is_id_name(std::string_view name) {
  const std::vector<std::string> words = base::words(name);
  return std::ranges::any_of(
      words, [](const std::string& word) { return std::ranges::find(kIdWords, word) != kIdWords.end(); });
}

bool may_be_id(const Column& column, const JsonNode& node) {
  if (node.kind == JsonKind::kNumber)
    return node.raw.find_first_of(".eE") == std::string_view::npos && is_id_name(column.name);
  return node.kind == JsonKind::kString && !node.text.empty() && node.text.size() <= kMaxIdBytes &&
         node.text.find(' ') == std::string_view::npos;
}

}  // namespace

void find_duplicates(Candidates& c) {
  if (c.rows < kMinRows) return;
  const bool asked = c.question.conditions().duplicates;
  for (std::uint32_t column = 0; column < c.facts.size(); ++column) {
    const ColumnFacts& facts = c.facts[column];
    const Column& data = c.table.columns[column];
    const std::size_t surplus = facts.present - facts.distinct;
    if (column == c.table.children || facts.time || surplus == 0 || facts.present * 10 < c.rows * 9) continue;
    if (surplus > (asked ? std::max<std::size_t>(3, c.rows / 10) : std::max<std::size_t>(2, c.rows / 100))) continue;
    std::size_t shown = 0;
    for (std::uint32_t value = 1; value < data.counts.size(); ++value) {
      if (data.counts[value] < 2 || !may_be_id(data, c.doc.node(data.examples[value]))) continue;
      if (shown += data.counts[value]; shown > kMaxAnswer) break;
      for (std::uint32_t row = 0; row < c.rows; ++row) {
        if (data.values[row] == value) c.propose(asked ? Reason::kAsked : Reason::kOdd, asked ? 9 : 2.8, row, column);
      }
    }
    if (asked && shown > 0)
      c.answers.push_back(fmt::format("{} distinct {} in {} rows", facts.distinct, data.name, facts.present));
  }
}

}  // namespace headroom::compress::json
