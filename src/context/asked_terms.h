#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context/outlined_text.h"

namespace headroom::context {

/// A word, a name, or two words side by side of a question.
struct AskedTerm {
  std::string text;     ///< a name as it is written, in lower case; else the stem of a word
  std::string written;  ///< in lower case
  bool name = false;    ///< it is no plain word ("--all", "a.py", "setLogger"), or stands in quotes
  bool phrase = false;  ///< two plain words side by side
};

/// Those that may single something out: no small words, nor those that only ask ("explain").
std::vector<AskedTerm> asked_terms(std::string_view question);

/// Where terms stand in a text.
struct FoundTerms {
  std::vector<double> weights;               ///< of each term; 0: it singles nothing out
  std::vector<std::vector<std::size_t>> at;  ///< lines that have it, or else those that define it, from 0
  double weight = 0;                         ///< of all of them
  bool names = false;                        ///< one of those with a weight is a name, or a phrase
};

/// A term that few lines have, or that one of few defines, weighs the more the fewer they are, and a name more than a
/// word.
FoundTerms find_terms(const OutlinedText& text, std::span<const AskedTerm> terms);

/// The terms have names, and none of them stands in the text.
bool name_others(std::span<const AskedTerm> terms, std::string_view text);

}  // namespace headroom::context
