#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress {

/// Words by which programs call what a question puts in other words, as stems, each once: initials of words that stand
/// together ("garbage collector": gc), and names of kinds of software ("compiler": gcc, clang).
std::vector<std::string> other_words(std::string_view question);

/// "seconds", "bytes", "times": who asks how many of them wants a figure that a record says, and no count of records.
bool is_unit(std::string_view word);

/// A library's name without "lib": "libssl" is what is called ssl. Otherwise the word itself.
std::string_view without_lib(std::string_view word);

}  // namespace headroom::compress
