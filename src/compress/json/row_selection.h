#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json_document.h"
#include "compress/json/column_facts.h"
#include "compress/json/question.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// Why a row stays, most important first. The first five are facts that must stay inline; they win over the budget.
enum class Reason : std::uint8_t {
  kAsked,      ///< holds what the question names
  kError,      ///< tells of a failure
  kOdd,        ///< a value, member or shape that hardly another row has
  kOutlier,    ///< a number far from the others
  kExtreme,    ///< minimum or maximum of a column that the question is about
  kRareWords,  ///< words that no other row has
  kEnds,       ///< first and last rows
  kRelevant,   ///< shares words with the question
  kRange,      ///< minimum or maximum of any other column
  kChange,     ///< where a value changes that seldom does
  kExample,    ///< stands for rows like it
  kParent,     ///< a tree row above one that stays
};

std::string_view reason_name(Reason reason);

struct KeptRow {
  std::uint32_t row = 0;
  Reason reason = Reason::kExample;
  std::string detail;  ///< the column that speaks for the row, where there is one
};

struct Selection {
  std::vector<bool> keep;            ///< by row
  std::vector<KeptRow> rows;         ///< in order of row
  std::vector<std::string> answers;  ///< what the question asks of all rows, for the summary
  bool answered = false;             ///< some rows stand out, by the question or by what they hold
};

/// The rows that stay. `budget` is an aim: rows that must stay come on top of it (within limits), and it is
/// not used up by rows that nothing speaks for, except that at least `least` rows stay, the first ones of the table.
Selection select_rows(const base::JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts,
                      const Question& question, std::size_t budget, std::size_t least);

}  // namespace headroom::compress::json
