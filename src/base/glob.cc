#include "base/glob.h"

#include <algorithm>
#include <cstddef>

namespace headroom::base {

namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool same(char a, char b) {
  return a == b || lower(a) == lower(b);
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], name[n]))) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
      // Only where the text behind the star begins can it go on.
      if (p < pattern.size() && pattern[p] != '?' && pattern[p] != '*') {
        const char next = lower(pattern[p]);
        const std::size_t small = name.find(next, n);
        const bool letter = next >= 'a' && next <= 'z';
        const std::size_t great = letter ? name.find(static_cast<char>(next - ('a' - 'A')), n) : name.npos;
        n = star_name = std::min({small, great, name.size()});
      }
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace headroom::base
