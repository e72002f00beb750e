#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/code/code_question.h"
#include "compress/code/outline.h"

namespace headroom::compress::code {

struct ScoreInput {
  const Outline& outline;
  const CodeQuestion& question;
  const std::vector<std::string_view>& rows;
  std::string_view code;          ///< what `rows` are views into
  std::size_t line_of_row_0 = 1;  ///< for reasons, which count lines of the text
};

/// What a body has to do with the question.
struct Score {
  std::uint32_t unit = 0;
  double score = 0;
  std::size_t bytes = 0;            ///< that go when the body goes
  double best = 0;                  ///< the greatest weight of words within three rows
  std::string reason;               ///< the strongest one
  std::vector<std::uint32_t> rows;  ///< that hold something exact
};

/// Where an exact string of the question stands.
struct Hits {
  std::string text;
  std::vector<std::uint32_t> rows;
  std::size_t units = 0;  ///< bodies that it is in
};

struct Scores {
  std::vector<Score> ranked;         ///< of units that decide for themselves, the best first
  std::vector<std::uint32_t> owner;  ///< per row: the unit that decides about it, or kNone
  std::vector<std::size_t> bytes;    ///< per unit: of its own rows
  std::vector<std::uint64_t> masks;  ///< per row: words of the question
  std::vector<float> row_weights;    ///< per row: weight of the words within three rows, when they tell something
  std::vector<double> weights;       ///< per word: rare ones weigh more
  std::vector<Hits> literals;
  double total = 0;        ///< weight of all words that the user said and that occur
  std::uint64_t said = 0;  ///< bits of these words, as against their synonyms

  double weight_of(std::uint64_t mask) const;
  /// The rows hold an exact string of the question that does not stand everywhere.
  bool hold_literal(Rows rows) const;
  /// ... or words of it that weigh something.
  bool speak_of(Rows rows) const;
};

Scores score_units(const ScoreInput& input);

}  // namespace headroom::compress::code
