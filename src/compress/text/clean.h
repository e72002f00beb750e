#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::compress::text {

/// A text as a terminal would show it in the end. Line N of it is line N of the original.
struct Cleaned {
  std::string text;
  std::size_t escapes = 0;  ///< escape sequences (colours, cursor movements) and overstrikes taken out
  std::size_t states = 0;   ///< progress states that the same line wrote over
  std::size_t spaces = 0;   ///< bytes of white space at the ends of lines, where they are many
  bool changed() const { return escapes + states + spaces > 0; }
};

/// Not invertible, so whoever uses the result keeps the original.
Cleaned clean(std::string_view text);

/// "34 escape codes and 120 overwritten states taken out".
std::string clean_text(const Cleaned& cleaned);

}  // namespace headroom::compress::text
