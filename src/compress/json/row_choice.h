#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/json_document.h"
#include "compress/compressor.h"
#include "compress/json/column_facts.h"
#include "compress/json/question.h"
#include "compress/json/row_selection.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// What decides how many rows of a table are shown.
struct RowAims {
  std::size_t target_tokens = 0;   ///< of the whole text; 0: as the content allows
  std::size_t text_bytes = 0;      ///< of the whole text as it came
  std::size_t lossless_bytes = 0;  ///< ... and when nothing is dropped
  std::size_t tables = 1;          ///< in the text
  Profile profile = Profile::kBalanced;
  bool aggressive() const { return profile == Profile::kAggressive; }
};

/// Tokens of a text, near enough to decide about dropping; exact counts are the caller's.
std::size_t about_tokens(std::size_t bytes);

/// True for a text that stays whole: dropping would save next to nothing.
bool stays_whole(const RowAims& aims);

struct RowChoice {
  Selection selection;
  std::vector<ColumnFacts> facts;
};

/// The rows that stay, or nullopt when all do: the table is small, hardly a row would go, or the deadline is spent.
std::optional<RowChoice> choose_rows(const base::JsonDocument& doc, const Table& table, const Question& question,
                                     const RowAims& aims, base::Deadline deadline);

}  // namespace headroom::compress::json
