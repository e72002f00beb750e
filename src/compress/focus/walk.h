#pragma once

#include <cstdint>
#include <vector>

namespace headroom::compress::focus {

/// Goes through a selection in order: `line(i)` for each line that is `kept`, `gap(begin, end)` for each run of others.
template <typename Why, typename OnGap, typename OnLine>
void walk(const std::vector<Why>& lines, Why kept, OnGap gap, OnLine line) {
  const auto n = static_cast<std::uint32_t>(lines.size());
  for (std::uint32_t i = 0; i < n;) {
    if (lines[i] == kept) {
      line(i++);
      continue;
    }
    std::uint32_t end = i;
    while (end < n && lines[end] != kept) ++end;
    gap(i, end);
    i = end;
  }
}

}  // namespace headroom::compress::focus
