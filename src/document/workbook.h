#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace headroom::document {

struct Cell {
  std::uint32_t row = 0, column = 0;  ///< from 0
  std::string text;                   ///< as a reader of the sheet sees it, dates as ISO 8601
};

/// A block of cells that show as one; both corners belong to it.
struct Merge {
  std::uint32_t first_row = 0, first_column = 0, last_row = 0, last_column = 0;
};

struct Sheet {
  std::string name;
  bool hidden = false;
  std::vector<Cell> cells;  ///< that hold something, by row, then by column
  std::vector<Merge> merges;
};

struct Workbook {
  std::vector<Sheet> sheets;
};

/// More cells than this are kTooLarge.
inline constexpr std::size_t kMaxCells = 2'000'000;

// Readers of the three formats. kParse with what is wrong for damaged files, kTooLarge past the limits.
base::Result<Workbook> read_xlsx(std::string_view bytes);
base::Result<Workbook> read_ods(std::string_view bytes);
base::Result<Workbook> read_xls(std::string_view bytes);

}  // namespace headroom::document
