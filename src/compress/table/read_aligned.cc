#include "base/text.h"
#include "compress/table/grid_readers.h"
#include "detect/aligned.h"

namespace headroom::compress::table {

bool read_aligned_columns(std::string_view /*text*/, Grid& grid) {
  const auto table = detect::find_aligned(grid.lines);
  if (!table) return false;
  grid.form = Grid::Form::kAligned;
  grid.header_line = static_cast<std::uint32_t>(table->header);
  const auto titles = detect::aligned_titles(*table, grid.lines[table->header]);
  for (std::size_t at = 0; at < titles.size(); ++at)
    grid.names.push_back(titles[at].empty() ? std::to_string(at + 1) : std::string(titles[at]));
  std::vector<std::string_view> cells;
  for (std::size_t at = table->first_row; at < table->end; ++at) {
    // Titles come again in the output of programs that print their table over and over.
    if (grid.lines[at] == grid.lines[table->header]) continue;
    if (!detect::split_aligned(*table, grid.lines[at], cells) || cells.size() != grid.names.size()) continue;
    const auto line = static_cast<std::uint32_t>(at);
    grid.rows.push_back({line, line});
    grid.cells.insert(grid.cells.end(), cells.begin(), cells.end());
  }
  return true;
}

}  // namespace headroom::compress::table
