#pragma once

#include <cstdint>
#include <vector>

#include "base/json_document.h"
#include "compress/json/question.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// What is known about the distinct values of one column; the vectors are indexed by value number (Column::values).
struct ColumnFacts {
  bool numeric = false;      ///< most values are ordered quantities
  bool time = false;         ///< ... namely times
  bool categorical = false;  ///< a few values make up most rows
  bool named = false;        ///< the question names the column
  std::size_t present = 0;
  std::size_t distinct = 0;
  std::vector<double> numbers;             ///< NaN where the value has none; empty unless numeric
  std::vector<std::vector<double>> parts;  ///< columns of short number lists (coordinates): numbers by position
  std::vector<std::uint64_t> shapes;       ///< empty unless the column is mostly strings of few shapes
  std::vector<std::uint64_t> matches;      ///< question terms in the value
  std::vector<bool> errors;                ///< the value tells of a failure, and most of the column does not
  std::vector<std::uint8_t> rare_words;    ///< words that occur in this value only, where the others have none such
};

/// Facts of every column of the table.
std::vector<ColumnFacts> table_facts(const base::JsonDocument& doc, const Table& table, const Question& question);

}  // namespace headroom::compress::json
