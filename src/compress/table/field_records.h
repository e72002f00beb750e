#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::compress::table {

// Records of fields, "name | value" or "Name: value" a line, that all have the same names in the same order, are
// written one a row, and what all of them say is said once:
//
//   [8 records as rows, parted by tabs; each under "-[ RECORD {} ]-+-----" from 1; of "relid   | ", "name    | ",
//   "schema  | " always "public"]                                                            (all on one line)
//   16385<TAB>customers
//
// "each under" is the numbered line above each record; "a blank line between them" stands where one parts them. Other
// lines stay as they came.

/// nullopt when there are no such records or little would be gained.
std::optional<std::string> fields_to_columns(std::string_view text);

/// The exact inverse; kParse for a text without such rows.
base::Result<std::string> columns_to_fields(std::string_view rows);

}  // namespace headroom::compress::table
