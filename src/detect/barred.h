#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::detect {

/// A table drawn with bars: markdown, psql, mysql, sqlite's box, RST grids.
struct BarredTable {
  bool markdown = false;
  std::string_view bar = "|";  ///< or the one of box drawing
  bool outer = false;          ///< bars at both ends of every line
  std::size_t columns = 0;
  std::size_t header = 0;  ///< line of the titles
  std::size_t end = 0;     ///< line after the last one of the table
  std::size_t rows = 0;    ///< lines below the titles that have as many cells
};

/// The first such table of a text; lines before and after it may be anything.
std::optional<BarredTable> find_barred(std::span<const std::string_view> lines);

/// The cells of a line, trimmed; false when it has not as many as the table has columns.
bool split_barred(const BarredTable& table, std::string_view line, std::vector<std::string_view>& cells);

/// A line that only draws: "+----+----+", "----+----", "├────┼────┤", "|---|:-:|".
bool is_drawn_rule(std::string_view line);

}  // namespace headroom::detect
