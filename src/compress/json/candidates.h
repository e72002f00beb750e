#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_document.h"
#include "compress/json/column_facts.h"
#include "compress/json/question.h"
#include "compress/json/row_selection.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// Rows that meet a condition of the question all stay when they are no more than this.
inline constexpr std::size_t kMaxAnswer = 25;

struct Candidate {
  Reason reason = Reason::kExample;
  double score = 0;
  std::uint32_t row = 0;
  std::uint32_t column = kMissing;
};

/// A table as the finders see it, and the list where they put the rows that they would keep, with a reason. A row may
/// be proposed many times. All references must outlive it.
class Candidates {
 public:
  Candidates(const base::JsonDocument& the_doc, const Table& the_table, const std::vector<ColumnFacts>& the_facts,
             const Question& the_question, std::size_t the_budget);

  void propose(Reason reason, double score, std::size_t row, std::size_t column = kMissing) {
    list.push_back({reason, score, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column)});
  }

  const base::JsonDocument& doc;
  const Table& table;
  const std::vector<ColumnFacts>& facts;
  const Question& question;
  std::size_t rows;
  std::size_t budget;
  std::vector<std::size_t> starts;  ///< where each row begins, in bytes of the document
  std::vector<Candidate> list;
  std::vector<std::string> answers;  ///< "quantity=0 in 37": what to say of all rows, shown or not
};

// asked_rows.cc: what the question names.
void find_asked(Candidates& c);
void find_bounds(Candidates& c);

// key_rows.cc: rows that the question calls by their number.
void find_keys(Candidates& c);

// described_rows.cc: what the question describes.
void find_categories(Candidates& c);
void find_described_names(Candidates& c);

// date_rows.cc: what lies before or after a day of the question.
void find_dates(Candidates& c);

// condition_rows.cc: every row that meets a condition of the question.
void find_conditions(Candidates& c);

// duplicate_rows.cc: rows that share what every other row has for itself.
void find_duplicates(Candidates& c);

// duration_rows.cc: the longest and the shortest time between two times of a row.
void find_durations(Candidates& c);

// ordered_rows.cc: first and last by an order that is no number.
void find_ordered_text(Candidates& c);

// odd_rows.cc: what differs from the other rows.
void find_errors(Candidates& c);
void find_odd_rows(Candidates& c);
void find_odd_cells(Candidates& c, std::size_t column);

// group_rows.cc: the other rows of what failed.
void find_failed_groups(Candidates& c);

// unequal_columns.cc: rows in which two columns differ that are equal in the others.
void find_unequal_columns(Candidates& c);

// number_rows.cc
void find_numbers(Candidates& c, std::size_t column);
void find_bend(Candidates& c, std::size_t column);

// grouped_numbers.cc: numbers far from those of the same kind, where a column says what kind they are.
void find_grouped_numbers(Candidates& c);

}  // namespace headroom::compress::json
