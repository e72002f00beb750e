#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/compressor.h"

namespace headroom::compress::prose {

/// How much of a text a question is after.
enum class Scope : std::uint8_t {
  kPassage,     ///< an answer stands somewhere in it
  kBroad,       ///< "summarise", "what is this about", or nothing is asked: something of every part
  kCollection,  ///< "list all ...", "how many ...": everything of one sort
  kWhole,       ///< "translate", "proofread": all of it, word for word
};

struct QuestionTerm {
  std::string text;  ///< as terms_of_text() gives it
  float weight = 1;
  std::uint8_t group = 0;  ///< terms of one group stand for each other
  bool user = false;       ///< in the user's own words
};

struct Question {
  Scope scope = Scope::kBroad;
  std::vector<QuestionTerm> terms;
  std::uint8_t groups = 0;
  bool every_entry = false;          ///< kCollection: of the options, commands or the like that the text explains
  float weight_of_user = 0;          ///< of all groups of the user's
  std::vector<std::string> literal;  ///< quoted strings, names with digits or signs: to be found as they are
  std::uint32_t wanted = 0;          ///< traits of an answer: "how long" wants kTime
  /// Of a request for several things ("find out how A works, what B does, and which C there are") the groups that each
  /// of them speaks of, a bit for each group; none where it asks for one thing.
  std::vector<std::uint64_t> parts;
};

Question read_question(const Query& query);

}  // namespace headroom::compress::prose
