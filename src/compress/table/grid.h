#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/string_arena.h"

namespace headroom::compress::table {

/// One record of a table and the lines that it stands on.
struct GridRow {
  std::uint32_t first_line = 0, last_line = 0;  ///< both included, from 0
};

/// A table read out of a text: which lines are rows, and their cells. Lines that are no row (titles, rules, footers,
/// what stands before and after) are in no row and are always shown. Views point into the text or into `owned`.
struct Grid {
  enum class Form : std::uint8_t {
    kDelimited,  ///< comma, tab, semicolon or bar separated
    kBarred,     ///< drawn with bars, each column padded to one width
    kAligned,    ///< cells under their titles, parted by spaces
  };
  Form form = Form::kDelimited;
  char delimiter = ',';
  std::string_view bar;                    ///< kBarred: what stands between cells
  std::vector<std::string_view> lines;     ///< of the text, as base::split_lines gives them
  std::uint32_t header_line = 0xFFFFFFFF;  ///< none when there are no titles
  std::vector<std::string> names;          ///< of the columns; "1", "2" ... without titles
  std::vector<GridRow> rows;
  std::vector<std::string_view> cells;  ///< row by row, without padding and quotes
  base::StringArena owned;

  std::size_t columns() const { return names.size(); }
  std::string_view cell(std::size_t row, std::size_t column) const { return cells[row * names.size() + column]; }
};

/// The table that the text is, or nullopt when too much of it is something else.
std::optional<Grid> read_grid(std::string_view text);

/// A table that is a part of a text.
struct GridPart {
  Grid grid;
  std::size_t first_line = 0;  ///< where the grid's lines begin in the text, from 0
  bool whole = false;          ///< the grid's lines are all lines of the text
};

/// The tables of a text: one, or those that blank lines part. What is no table stays between them.
std::vector<GridPart> read_grids(std::string_view text);

}  // namespace headroom::compress::table
