#include <algorithm>

#include "base/text.h"
#include "compress/table/grid_readers.h"
#include "detect/barred.h"

namespace headroom::compress::table {
namespace {

using detect::BarredTable;

/// psql marks a cell that goes on in the next line with a plus at its end.
bool goes_on(std::string_view line, std::string_view bar) {
  line = base::trim(line);
  if (line.ends_with('+') && line.size() > 2 && line[line.size() - 2] == ' ') return true;
  return line.find("+" + std::string(bar)) != std::string_view::npos;
}

/// Joins what the cells of one row say on its further lines.
void append_cells(Grid& grid, const std::vector<std::string_view>& cells) {
  const std::size_t begin = grid.cells.size() - grid.columns();
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (cells[at].empty()) continue;
    std::string joined(grid.cells[begin + at]);
    if (joined.ends_with('+')) joined.pop_back();
    while (joined.ends_with(' ')) joined.pop_back();
    if (!joined.empty()) joined.push_back(' ');
    joined += cells[at];
    grid.cells[begin + at] = grid.owned.emplace_back(std::move(joined));
  }
}

}  // namespace

bool read_barred(std::string_view /*text*/, Grid& grid) {
  const auto table = detect::find_barred(grid.lines);
  if (!table) return false;
  grid.form = Grid::Form::kBarred;
  grid.bar = table->bar;
  grid.header_line = static_cast<std::uint32_t>(table->header);
  std::vector<std::string_view> cells;
  if (!split_barred(*table, grid.lines[table->header], cells)) {
    // Heads that are drawn with thicker bars.
    cells.assign(table->columns, {});
  }
  for (std::size_t at = 0; at < cells.size(); ++at)
    grid.names.push_back(cells[at].empty() ? std::to_string(at + 1) : std::string(cells[at]));
  std::size_t rules = 0, lines = 0;
  const std::size_t first = table->header + 1;
  for (std::size_t at = first; at < table->end; ++at) {
    const bool rule = detect::is_drawn_rule(grid.lines[at]);
    rules += rule;
    lines += !rule;
  }
  const bool ruled = rules * 3 >= lines && rules > 3;  // a rule below every row, which may have several lines
  bool open = false;
  for (std::size_t at = first; at < table->end; ++at) {
    const auto line = static_cast<std::uint32_t>(at);
    if (detect::is_drawn_rule(grid.lines[at])) {
      if (ruled && !grid.rows.empty() && grid.rows.back().last_line + 1 == line && at + 1 < table->end)
        grid.rows.back().last_line = line;
      open = false;
      continue;
    }
    if (!split_barred(*table, grid.lines[at], cells)) {
      open = false;
      continue;
    }
    if (open && !grid.rows.empty() && grid.rows.back().last_line + 1 == line) {
      append_cells(grid, cells);
      grid.rows.back().last_line = line;
    } else {
      grid.rows.push_back({line, line});
      grid.cells.insert(grid.cells.end(), cells.begin(), cells.end());
    }
    open = ruled || goes_on(grid.lines[at], grid.bar);
  }
  return true;
}

}  // namespace headroom::compress::table
