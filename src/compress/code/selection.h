#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/code/code_question.h"
#include "compress/code/outline.h"
#include "compress/code/plain_members.h"
#include "compress/code/scores.h"

namespace headroom::compress::code {

struct Selection {
  /// Per row of the code: false where it goes.
  std::vector<bool> keep;
  std::size_t bodies_gone = 0, bodies_in_part = 0;
  std::vector<FoldedRun> runs;     ///< of members that go as a whole
  std::vector<std::string> notes;  ///< with lines counted as in the text: row + `line_of_row_0`
};

struct SelectionInput {
  const Outline& outline;
  const CodeQuestion& question;
  const std::vector<std::string_view>& rows;
  std::string_view code;
  const Scores& scores;
  std::size_t line_of_row_0 = 1;
  double budget = 0.3;  ///< share of the bytes for bodies that the question is about
};

Selection select_rows(const SelectionInput& input);

}  // namespace headroom::compress::code
