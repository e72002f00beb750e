#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/config/vocabulary.h"

namespace headroom::compress::config {

/// A word of a question that may name settings.
struct Word {
  std::string raw;                  ///< in lower case
  std::size_t clause = 0;           ///< words of one clause are about the same settings
  bool name = false;                ///< written as no word is: capitals, marks, digits
  bool acronym = false;             ///< a few capitals
  std::vector<std::string> roots;   ///< its parts
  std::vector<std::string> called;  ///< roots of other words for it
  std::string joined;               ///< the root of it and the word beside it, written as one
  bool general = false;             ///< it names no setting
  bool needed = true;               ///< the question is not understood without it
};

/// What a part of a question is answered with.
enum class Answer : std::uint8_t { kAny, kPlace, kNumber };

/// The value may be such an answer.
bool answers(std::string_view value, Answer answer);

/// A part of a question, up to a comma or an "and".
struct Clause {
  Answer answer = Answer::kAny;  ///< "where" wants a place, "how many" a number
  Switches switches = Switches::kAny;
  bool several = false;  ///< "which", "what": more than one may be meant
};

struct QuestionWords {
  std::vector<Word> words;
  std::vector<Clause> clauses;
  bool overview = false;  ///< all is to be seen
};

/// The user's question as words, without what the command itself is called: that is in every line.
QuestionWords read_question(const Query& query);

}  // namespace headroom::compress::config
