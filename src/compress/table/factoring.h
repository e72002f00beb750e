#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "compress/table/grid.h"

namespace headroom::compress::table {

// What all cells of a column of a delimited table have in common is said once:
//
//   [left out of each row below the titles: column 3 "region" is "eu-west-1"; column 1 begins with "2026-03-01T"]
//   ts,host,value
//   00:00:00Z,web-1,41
//
// A column that is the same everywhere is left out with its title, others keep their place.

/// nullopt when little would be gained. The caller has to see whether the text comes back exactly: cells may hold what
/// reads differently once a part of them is gone.
std::optional<std::string> factor_columns(const Grid& grid, std::string_view text);

/// The exact inverse; kParse for a text that does not begin so.
base::Result<std::string> put_columns_back(std::string_view text);

}  // namespace headroom::compress::table
