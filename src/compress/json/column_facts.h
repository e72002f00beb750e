#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/json_document.h"
#include "compress/json/letter_pairs.h"
#include "compress/json/question.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// Only this much of a long value is read for words and patterns.
inline constexpr std::size_t kReadBytes = 4000;

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
  std::vector<std::uint64_t> shapes;       ///< of values whose shape is rare, else 0; empty where none is
  std::vector<std::uint64_t> matches;      ///< question terms in the value's first kReadBytes; 0 for plain values
  std::vector<LetterPairs::Sets> starts;   ///< what words begin with that stands in them: the question's, and more
  std::vector<bool> errors;                ///< the value tells of a failure, and most of the column does not
  std::vector<std::uint8_t>
      rare_words;  ///< words that occur in this value only, where the others have none such; may be empty
};

/// Facts of every column of the table.
std::vector<ColumnFacts> table_facts(const base::JsonDocument& doc, const Table& table, const Question& question);

}  // namespace headroom::compress::json
