#include "compress/table/grid.h"

#include <algorithm>

#include "base/text.h"
#include "compress/table/grid_readers.h"

namespace headroom::compress::table {
namespace {

constexpr std::size_t kMinRows = 3;
constexpr std::size_t kMostColumns = 200;

/// Few lines beside the rows: the rest is what the table is about.
bool is_mostly_rows(const Grid& grid) {
  if (grid.rows.size() < kMinRows || grid.columns() < 2 || grid.columns() > kMostColumns) return false;
  std::size_t lines = 0, other = 0;
  for (const GridRow& row : grid.rows) lines += row.last_line - row.first_line + 1;
  std::size_t row = 0;
  for (std::uint32_t at = 0; at < grid.lines.size(); ++at) {
    while (row < grid.rows.size() && grid.rows[row].last_line < at) ++row;
    const bool in_row = row < grid.rows.size() && grid.rows[row].first_line <= at;
    other += !in_row && !base::trim(grid.lines[at]).empty();
  }
  return other <= 12 + lines / 3;
}

}  // namespace

std::optional<Grid> read_grid(std::string_view text) {
  Grid grid;
  grid.lines = base::split_lines(text);
  for (const auto read : {read_barred, read_aligned_columns, read_delimited_values}) {
    Grid attempt;
    attempt.lines = grid.lines;
    if (read(text, attempt) && is_mostly_rows(attempt)) return attempt;
  }
  return std::nullopt;
}

std::vector<GridPart> read_grids(std::string_view text) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  std::optional<Grid> whole = read_grid(text);
  // Blank lines inside a row are a part of it.
  std::vector<bool> blank(lines.size(), false);
  for (std::size_t at = 0; at < lines.size(); ++at) blank[at] = base::trim(lines[at]).empty();
  for (const GridRow& row : whole ? whole->rows : std::vector<GridRow>()) {
    for (std::uint32_t at = row.first_line; at <= row.last_line; ++at) blank[at] = false;
  }
  std::vector<GridPart> out;
  for (std::size_t at = 0; at < lines.size();) {
    if (blank[at]) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < lines.size() && !blank[end]) ++end;
    if (end - at > kMinRows && end - at < lines.size()) {
      const std::string_view last = lines[end - 1];
      const auto bytes = static_cast<std::size_t>(last.data() + last.size() - lines[at].data());
      if (auto grid = read_grid(std::string_view(lines[at].data(), bytes)))
        out.push_back({.grid = *std::move(grid), .first_line = at});
    }
    at = end;
  }
  if (whole && out.size() < 2) {
    out.clear();
    out.push_back({.grid = *std::move(whole), .whole = true});
  }
  return out;
}

}  // namespace headroom::compress::table
