#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/log/line.h"

namespace headroom::compress::log {

enum class ColumnKind : std::uint8_t { kNumber, kSize, kSpan, kDate };

struct Cell {
  double value = 0;
  std::uint32_t line = 0;
};

/// One place in the rows of a table that nearly always holds a number, a size, a span of time or a date.
struct Column {
  ColumnKind kind = ColumnKind::kNumber;
  std::string_view title;      ///< what the table's head calls it; empty when it does not
  std::vector<Cell> cells;     ///< by value, then by line
  std::uint32_t distinct = 0;  ///< number of different values
};

/// Lines that share a layout of fields set apart by white space: a directory listing, processes, an archive's content.
struct Table {
  std::uint32_t header = 0;         ///< line with the titles; rows.front() when there is none
  std::vector<std::uint32_t> rows;  ///< ascending
  std::vector<Column> columns;
  std::vector<std::uint32_t> odd;     ///< rows with a value that is rare in a column of few values
  std::vector<std::uint32_t> nested;  ///< rows whose name is a directory of other rows, or a total; ascending
};

/// The tables of a text; found by the layout of most lines, so that ordinary logs are not taken for one.
std::vector<Table> find_tables(const Document& document);

}  // namespace headroom::compress::log
