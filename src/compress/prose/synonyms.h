#pragma once

#include <string_view>
#include <vector>

namespace headroom::compress::prose {

/// Words that documents use for what people ask about in other words: those that may stand for a word, given by its
/// stem (base::stem). Plain forms, lower case; the word itself is not among them.
std::vector<std::string_view> words_like(std::string_view stem);

}  // namespace headroom::compress::prose
