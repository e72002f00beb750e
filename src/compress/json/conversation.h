#pragma once

#include "base/json_document.h"
#include "compress/json/column_facts.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// The rows are what people said to each other: a few dozen texts of unlike length, by few people. What answers a
/// question stands in the words of others, below the row that has the words of the question.
bool is_conversation(const base::JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts);

}  // namespace headroom::compress::json
