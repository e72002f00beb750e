#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/json/column_facts.h"
#include "compress/json/question.h"
#include "compress/table/grid.h"
#include "compress/table/view.h"

namespace headroom::compress::table {

/// Rows that meet one condition of the question.
struct Filter {
  std::size_t column = 0;
  std::string what;        ///< "status=failed", "cpu over 90"
  std::vector<bool> rows;  ///< by row
  std::size_t count = 0;
};

/// The conditions that the question states on columns: values that it names, bounds, times. One for each column, in
/// order of columns; several values of one column are alternatives. `user`: the user's question as it came.
std::vector<Filter> find_filters(const View& view, const std::vector<json::ColumnFacts>& facts,
                                 const json::Question& question, std::string_view user);

}  // namespace headroom::compress::table
