#pragma once

#include <string_view>

#include "compress/table/grid.h"

namespace headroom::compress::table {

// Each fills a grid whose `lines` are set from a text of its form; false when the text has not that form.
bool read_delimited_values(std::string_view text, Grid& grid);
bool read_barred(std::string_view text, Grid& grid);
bool read_aligned_columns(std::string_view text, Grid& grid);

/// True for what a cell holds where others name things: numbers, times, nothing.
bool is_value(std::string_view cell);

}  // namespace headroom::compress::table
