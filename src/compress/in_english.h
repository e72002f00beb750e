#pragma once

#include <string>
#include <string_view>

namespace headroom::compress {

/// A question as compressors read it.
struct EnglishQuestion {
  std::string text;
  std::string replaced;  ///< the words that `text` has in English, as they were written, separated by blanks

  /// With those of the replaced words that stand in what the question is asked about: that may be in any language.
  std::string about(std::string_view block) const;
};

/// Compressors know English, and most of what tools print is English. Sentences in other languages (German, French,
/// Spanish, Portuguese, Italian, Chinese, Japanese) become the words that they would have in English, as far as
/// foreign_words() knows them; their small words go; names and unknown words stay as they are. English stays as it is.
EnglishQuestion in_english(std::string_view question);

}  // namespace headroom::compress
