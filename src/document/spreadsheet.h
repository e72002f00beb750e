#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::document {

/// True for the beginning of an .xlsx, .ods or .xls file: a zip archive with their parts, or an OLE2 file.
bool is_spreadsheet(std::string_view bytes);

/// The sheets of a workbook as text, one after another:
///
///   ## Sheet "Orders" (A1:F1201)
///   id,customer,amount
///   10001,"Miller, Ann",107.39
///
/// Values as a reader sees them: results of formulas, dates in ISO 8601. Rows without cells part tables, by one blank
/// line. A cell merged over rows stands in each of them. This text is what is compressed and what is stored as the
/// original. kInvalidArgument for what is no spreadsheet, kParse for a damaged one, kTooLarge past the limits (2
/// million cells, 64 MiB).
base::Result<std::string> spreadsheet_text(std::string_view bytes);

}  // namespace headroom::document
