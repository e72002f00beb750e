#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compress/json/row_choice.h"
#include "compress/table/view.h"

namespace headroom::compress::table {

/// What the question needs of a table beside the rows that stand out.
struct Answer {
  bool everything = false;         ///< all rows: nothing may be dropped
  std::vector<bool> rows;          ///< rows that must stay, by row
  std::vector<std::string> facts;  ///< exact statements about all rows, for the summary
};

/// `question` is what `query.user` asks. `aims`: how many rows to show of those that meet a condition of the
/// question when they are too many to show all.
Answer find_answer(const View& view, const std::vector<json::ColumnFacts>& facts, const json::Question& question,
                   const Query& query, const json::RowAims& aims);

}  // namespace headroom::compress::table
