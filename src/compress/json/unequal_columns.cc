#include <algorithm>
#include <array>

#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

/// Pairs are compared in this many columns at most; more would take too long.
constexpr std::size_t kMaxColumns = 24;
constexpr std::size_t kMaxRows = 4000;

/// Words in the names of columns that say what a sibling column should be or was.
constexpr std::array<std::string_view, 14> kReference = {"default",  "boot",     "original",  "reset",    "expected",
                                                         "desired",  "previous", "old",       "baseline", "wanted",
                                                         "standard", "initial",  "reference", "target"};

std::string_view last_segment(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

bool is_reference(std::string_view name) {
  name = last_segment(name);
  return std::ranges::any_of(kReference, [&](std::string_view word) {
    const std::size_t at = name.find(word);
    if (at == std::string_view::npos) return false;
    const bool letter_before = at > 0 && name[at - 1] >= 'a' && name[at - 1] <= 'z';
    return !letter_before;
  });
}

/// Rows in which both columns hold a value and the values differ; empty when that is no exception.
std::vector<std::uint32_t> unequal_rows(const Candidates& c, std::size_t a, std::size_t b, bool reference) {
  std::vector<std::uint32_t> out;
  std::size_t both = 0;
  const std::size_t most = reference ? c.rows * 2 / 5 : std::max<std::size_t>(3, c.rows / 12);
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    const std::uint32_t x = c.table.columns[a].cells[row], y = c.table.columns[b].cells[row];
    if (x == kMissing || y == kMissing) continue;
    ++both;
    if (c.doc.node(x).raw == c.doc.node(y).raw) continue;
    out.push_back(row);
    if (out.size() > most) return {};
  }
  if (both * 2 < c.rows) out.clear();
  return out;
}

}  // namespace

void find_unequal_columns(Candidates& c) {
  if (c.rows < 6 || c.rows > kMaxRows || c.table.kind == Table::Kind::kItems) return;
  const std::size_t columns = std::min(kMaxColumns, c.facts.size());
  for (std::size_t a = 0; a < columns; ++a) {
    if (a == c.table.children || c.facts[a].distinct < 2) continue;
    for (std::size_t b = a + 1; b < columns; ++b) {
      if (b == c.table.children || c.facts[b].distinct < 2) continue;
      const bool reference = is_reference(c.table.columns[a].name) != is_reference(c.table.columns[b].name);
      if (!reference && (c.facts[a].distinct < 4 || c.facts[b].distinct < 4)) continue;
      const std::vector<std::uint32_t> rows = unequal_rows(c, a, b, reference);
      const bool asked = reference && c.question.deviation() && rows.size() <= 24;
      const double score = (reference ? 2.5 : 1.2) + 1.0 / static_cast<double>(rows.size() + 1);
      for (std::uint32_t row : rows) c.propose(asked ? Reason::kAsked : Reason::kOdd, asked ? 8 : score, row, b);
    }
  }
}

}  // namespace headroom::compress::json
