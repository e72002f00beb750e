#include "compress/json/conversation.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "compress/json/row_budget.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;

constexpr std::size_t kFewest = 6;
constexpr std::size_t kMost = 60;

/// "message" is not among them: that is what logs call their lines.
bool is_named_as_speech(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kNames = {"text", "body", "comment", "content", "bodyText"};
  const std::string_view last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
  return std::ranges::find(kNames, last) != kNames.end();
}

/// Most values are several words, and the longest are several times as long as the shortest.
bool reads_as_speech(const JsonDocument& doc, const Table& table, const Column& column) {
  std::size_t spoken = 0;
  std::vector<std::size_t> lengths;
  for (const std::uint32_t cell : column.cells) {
    if (cell == kMissing || doc.node(cell).kind != JsonKind::kString) continue;
    const std::string_view text = doc.node(cell).text;
    lengths.push_back(text.size());
    spoken += std::ranges::count(text, ' ') >= 2 ? 1 : 0;
  }
  if (lengths.size() * 10 < table.rows.size() * 9 || spoken * 10 < lengths.size() * 6) return false;
  std::ranges::sort(lengths);
  return lengths[lengths.size() * 9 / 10] >= 3 * std::max<std::size_t>(1, lengths[lengths.size() / 10]);
}

}  // namespace

bool is_conversation(const JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts) {
  const std::size_t rows = table.rows.size();
  if (table.kind != Table::Kind::kRows || rows < kFewest || rows > kMost) return false;
  const bool speakers = std::ranges::any_of(facts, [&](const ColumnFacts& column) {
    return column.categorical && column.distinct >= 2 && column.distinct * 2 <= rows;
  });
  const bool speech = std::ranges::any_of(
      table.columns, [&](const Column& c) { return is_named_as_speech(c.name) && reads_as_speech(doc, table, c); });
  return speakers && speech && row_variety(doc, table, facts) >= 0.7;
}

}  // namespace headroom::compress::json
