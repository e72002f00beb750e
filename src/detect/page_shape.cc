#include "detect/page_shape.h"

#include <algorithm>
#include <cstddef>

namespace headroom::detect {
namespace {

constexpr std::size_t kFewestReferences = 5;

/// Of so many lines one has a reference, at least.
constexpr std::size_t kLinesForEach = 4;

std::size_t count_of(std::string_view text, std::string_view mark) {
  std::size_t count = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + mark.size())) ++count;
  return count;
}

/// Lines that begin with the mark, indented or not: "uid=1_4 button". Within a line it is the number of a user.
std::size_t lines_with(std::string_view text, std::string_view mark) {
  std::size_t count = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + mark.size())) {
    const std::size_t before = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t-", at - 1);
    count += before == std::string_view::npos || text[before] == '\n';
  }
  return count;
}

}  // namespace

bool is_page_snapshot(std::string_view text) {
  const std::size_t references = std::max(count_of(text, "[ref="), lines_with(text, "uid="));
  return references >= kFewestReferences &&
         references * kLinesForEach >= static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace headroom::detect
