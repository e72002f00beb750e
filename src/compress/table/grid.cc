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

}  // namespace headroom::compress::table
