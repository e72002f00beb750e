#pragma once

#include <span>
#include <string_view>

namespace headroom::compress {

/// What words of other languages are in English.
struct ForeignWords {
  std::string_view english;
  std::string_view
      forms;  ///< separated by blanks, in lower case and without accents; '_' joins words that stand together
};

/// Words about programs and what they print, and those of questions.
std::span<const ForeignWords> foreign_words();
/// Verbs by which somebody asks for a change. In a question they ask for none.
std::span<const ForeignWords> foreign_requests();
/// Words that open a question, and mean something else elsewhere.
std::span<const ForeignWords> foreign_openings();
/// Words that say nothing by themselves and that are no English words: who writes them does not write English.
std::string_view small_foreign_words();
/// Words that say nothing where other words are not English; English has them, too.
std::string_view small_words_alike();
/// Question words that are no English words.
std::string_view foreign_question_words();

}  // namespace headroom::compress
