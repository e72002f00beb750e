#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compress/json/column_facts.h"
#include "compress/table/view.h"

namespace headroom::compress::table {

/// "amount: 600 values, sum 47250.5, mean 78.75, median 71.2" over the rows given (empty: all); empty when the column
/// holds anything but plain numbers there.
std::string number_statistics(const View& view, const json::ColumnFacts& facts, std::size_t column,
                              const std::vector<bool>& rows);

/// "country: DE 120, FR 118 ...": every value of the column with its number of rows, and with `number` (a column, or
/// npos) sum and mean of that. Empty when there are too many values to say.
std::string group_statistics(const View& view, const std::vector<json::ColumnFacts>& facts, std::size_t column,
                             std::size_t number, const std::vector<bool>& rows);

/// True for a column of plain numbers: no units, no times.
bool is_plain_number_column(const View& view, const json::ColumnFacts& facts, std::size_t column);

}  // namespace headroom::compress::table
