#pragma once

#include <string>
#include <vector>

#include "base/json_document.h"
#include "compress/json/column_facts.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// What a reader should know about the rows of a table that are not shown: how many, and over all rows the values of
/// columns that have few, `answers` first, the range of numbers and times. One line, tens of tokens; ids and hashes are
/// left out.
std::string summarize(const base::JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts,
                      std::size_t kept, const std::vector<std::string>& answers);

}  // namespace headroom::compress::json
