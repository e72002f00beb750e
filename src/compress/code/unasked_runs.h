#pragma once

#include <string_view>
#include <vector>

#include "compress/code/code_question.h"
#include "compress/code/outline.h"
#include "compress/code/scores.h"

namespace headroom::compress::code {

struct UnaskedInput {
  const Outline& outline;
  const CodeQuestion& question;
  const std::vector<std::string_view>& rows;
  const Scores& scores;
  /// Per row: false where it goes anyway.
  const std::vector<bool>& keep;
  /// Per unit: its body stays for a reason.
  const std::vector<bool>& wanted;
};

/// Runs of items that the question does not touch and that what it is about does not use, by rows. None at all unless
/// the text surely holds what the question is about: a name that it says, something exact, or most of its words in one
/// of a few items. Comments go with the items below them.
std::vector<FoldedRun> unasked_runs(const UnaskedInput& input);

}  // namespace headroom::compress::code
