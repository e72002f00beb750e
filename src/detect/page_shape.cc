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

}  // namespace

bool is_page_snapshot(std::string_view text) {
  const std::size_t references = std::max(count_of(text, "[ref="), count_of(text, "uid="));
  return references >= kFewestReferences &&
         references * kLinesForEach >= static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace headroom::detect
