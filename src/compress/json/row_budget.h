#pragma once

#include <cstddef>

#include "base/json_document.h"
#include "compress/json/column_facts.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// How many rows of a table to aim for, by its size alone.
std::size_t row_budget(std::size_t rows);

/// 0 to 1: how much the rows differ in their words. Rows made by one template (numbers, dates and hashes aside) give
/// about 0, a list of packages about 1.
double row_variety(const base::JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts);

/// Share of the rows that deserve to stay though nothing speaks for them: what differs can not be summed up, so a
/// table that is cheap as a whole (`tokens`, without loss) keeps much of it.
double worthy_share(double variety, std::size_t tokens);

}  // namespace headroom::compress::json
