#include "context/shown_lines.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include "base/text.h"
#include "compress/marker.h"

namespace headroom::context {

std::vector<std::uint8_t> shown_lines(std::span<const std::string_view> lines, std::string_view shown) {
  std::vector<std::uint8_t> is(lines.size());
  std::unordered_map<std::string_view, std::vector<std::size_t>> where;
  for (std::size_t i = 0; i < lines.size(); ++i) where[base::trim(lines[i])].push_back(i);
  const std::vector<compress::Gap> gaps = compress::find_gaps(shown);
  std::size_t gap = 0;
  std::size_t next = 0;
  std::size_t behind_gap = lines.size();
  for (const std::string_view line : base::split_lines(shown)) {
    const std::string_view text = base::trim(line);
    const auto end = static_cast<std::size_t>(line.data() - shown.data()) + line.size();
    std::size_t at = lines.size();
    if (behind_gap < lines.size() && base::trim(lines[behind_gap]) == text) {
      at = behind_gap;
    } else if (next < lines.size() && base::trim(lines[next]) == text) {
      at = next;
    } else if (const auto found = where.find(text); !text.empty() && found != where.end()) {
      const auto later = std::ranges::lower_bound(found->second, next);
      if (later != found->second.end()) at = *later;
    }
    if (at < lines.size()) {
      is[at] = 1;
      next = at + 1;
      behind_gap = lines.size();
    }
    for (; gap < gaps.size() && gaps[gap].at < end; ++gap) {
      if (gaps[gap].first > 0 && gaps[gap].last >= next) behind_gap = gaps[gap].last;
    }
  }
  return is;
}

}  // namespace headroom::context
