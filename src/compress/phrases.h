#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress {

/// Words that stand side by side in a question, two and two, in lower case: "umber velvet" of "what does umber velvet
/// cost?". Small words part them. At most 16.
std::vector<std::string> phrases_of(std::string_view question);

/// Where a phrase stands in a text in lower case, at or behind `from`, as words of their own; npos: nowhere.
std::size_t find_phrase(std::string_view text, std::string_view phrase, std::size_t from = 0);

}  // namespace headroom::compress
