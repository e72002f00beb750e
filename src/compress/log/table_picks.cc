#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kAskedTop = 6;  // rows at the asked end of the asked column
constexpr std::uint32_t kTop = 3;
constexpr std::uint32_t kBottom = 2;
constexpr std::size_t kFewZeros = 12;

/// How far the question points at a column: 2: by its title or its kind, 1: it may be meant, 0: another one is.
int pointed_at(const Wants& wants, const Table& table, const Column& column) {
  if (!column.title.empty() && names_column(wants, column.title)) return 2;
  const auto titled = [&](const Column& c) { return !c.title.empty() && names_column(wants, c.title); };
  if (std::ranges::any_of(table.columns, titled)) return 0;
  if (!wants.extreme && !wants.empty && !wants.size) return 0;
  const auto has = [&](ColumnKind kind) {
    return std::ranges::any_of(table.columns, [&](const Column& c) { return c.kind == kind; });
  };
  if (wants.date && column.kind == ColumnKind::kDate) return 2;
  if ((wants.date || wants.span) && column.kind == ColumnKind::kSpan) return 2;
  const bool amounts = wants.size || wants.empty;
  const bool ages = has(ColumnKind::kDate) || has(ColumnKind::kSpan);
  if (!amounts && (wants.date || wants.span) && ages) return 0;
  if (amounts && has(ColumnKind::kSize)) return column.kind == ColumnKind::kSize ? 2 : 0;
  if (column.kind == ColumnKind::kDate || column.kind == ColumnKind::kSpan) return amounts ? 0 : 1;
  if (amounts) {
    // Of plain numbers the sizes are those that differ most.
    std::uint32_t most = 0;
    for (const Column& c : table.columns) most = std::max(most, c.kind == ColumnKind::kDate ? 0 : c.distinct);
    return column.distinct * 3 >= most * 2 ? 2 : 0;
  }
  return 1;
}

/// Cells of entries, and those of rows that sum up entries.
struct Ranked {
  std::vector<Cell> own;
  std::vector<Cell> sums;
};

Ranked rank(const Table& table, const Column& column) {
  Ranked out;
  for (const Cell& cell : column.cells) {
    const bool sum = std::ranges::binary_search(table.nested, cell.line);
    (sum ? out.sums : out.own).push_back(cell);
  }
  return out;
}

/// The upper ends at `high`, the lower ones at `low`; priorities fall with the rank, so that columns share the budget.
void pick_ends(Picks& picks, const std::vector<Cell>& cells, std::size_t high, std::size_t low, float high_priority,
               float low_priority) {
  for (std::size_t k = 0; k < std::min(high, cells.size()); ++k) {
    const std::uint32_t i = cells[cells.size() - 1 - k].line;
    picks.add(high_priority - 0.02f * static_cast<float>(k), i, i, Reason::kExtreme);
  }
  for (std::size_t k = 0; k < std::min(low, cells.size()); ++k) {
    picks.add(low_priority - 0.02f * static_cast<float>(k), cells[k].line, cells[k].line, Reason::kExtreme);
  }
}

/// The cells of rows that lie in a folder.
std::vector<Cell> inside(const Picks& picks, const std::vector<Cell>& cells, std::string_view folder) {
  std::vector<Cell> out;
  for (const Cell& cell : cells) {
    const std::string_view text = picks.line(cell.line).text;
    const std::size_t at = text.find(folder);
    if (at == std::string_view::npos) continue;
    const std::size_t end = at + folder.size();
    const bool begins = at == 0 || folder.front() == '/' || std::string_view(" \t/\"'").find(text[at - 1]) != text.npos;
    if (begins && (folder.back() == '/' || (end < text.size() && text[end] == '/'))) out.push_back(cell);
  }
  return out;
}

void pick_column(Picks& picks, const Table& table, const Column& column) {
  const Wants& wants = picks.analysis().query.wants;
  const Ranked ranked = rank(table, column);
  const int pointed = pointed_at(wants, table, column);
  // Large tables are mostly logs: their columns matter when they are asked for.
  const bool log = picks.document().timed || table.rows.size() > 600;
  const float base = log ? 0.4f : 0.82f;
  if (pointed == 0 && log) {
    pick_ends(picks, ranked.own, 1, 0, base, base);
    return;
  }
  if (pointed == 0) {
    const bool few_values = column.distinct * 4 < table.rows.size() && column.distinct < 8;
    if (column.kind == ColumnKind::kDate && column.distinct * 3 < table.rows.size()) {
      pick_ends(picks, ranked.own, 1, 1, base - 0.15f, base - 0.15f);
    } else {
      pick_ends(picks, ranked.own, few_values ? 2 : kTop, few_values ? 1 : kBottom, base, base - 0.08f);
    }
    return;
  }
  // The oldest has the lowest date but the highest age.
  const bool age = wants.date && column.kind == ColumnKind::kSpan;
  const bool mixed = wants.date && (wants.size || wants.span);  // "the largest and the oldest": either end of both
  const bool want_high = age ? wants.low : wants.high;
  const bool want_low = age ? wants.high : wants.low;
  const bool both = mixed || want_high == want_low;
  const std::size_t top = std::max<std::size_t>(wants.top + 1, kAskedTop);
  const float asked = pointed == 2 ? 3.0f : 1.4f;
  const float other = pointed == 2 ? 1.1f : 0.7f;
  pick_ends(picks, ranked.own, want_high || both ? top : 2, want_low || both ? top : 2,
            want_high || both ? asked : other, want_low || both ? asked : other);
  for (const std::string& folder : picks.analysis().query.folders) {
    const std::vector<Cell> own = inside(picks, ranked.own, folder);
    if (own.size() == ranked.own.size()) continue;
    pick_ends(picks, own, want_high || both ? top : 0, want_low || both ? top : 0, asked, asked);
  }
  pick_ends(picks, ranked.sums, 3, 1, asked - 0.5f, other);
  const auto zeros = static_cast<std::size_t>(std::ranges::count(ranked.own, 0.0, &Cell::value));
  if (wants.empty && zeros <= kFewZeros) pick_ends(picks, ranked.own, 0, zeros, asked, asked);
}

}  // namespace

void pick_tables(Picks& picks) {
  for (const Table& table : picks.analysis().tables) {
    if (table.header != table.rows.front()) picks.add(2.5f, table.header, table.header, Reason::kHeading);
    for (const Column& column : table.columns) pick_column(picks, table, column);
    const float odd = picks.document().timed || table.rows.size() > 600 ? 0.6f : 0.95f;
    for (std::uint32_t i : table.odd) picks.add(odd, i, i, Reason::kExtreme);
  }
}

}  // namespace headroom::compress::log
