#include "context/gutters.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "detect/gutter.h"

namespace headroom::context {

std::optional<Gutters> gutters_of(std::string_view text) {
  if (auto numbered = detect::read_numbered(text)) return Gutters{std::move(numbered->gutters), numbered->first_number};
  const std::vector<detect::LineRun> runs = detect::numbered_runs(text);
  if (runs.size() != 1) return std::nullopt;
  const auto numbered = detect::read_numbered(text.substr(runs[0].begin, runs[0].end - runs[0].begin));
  if (!numbered) return std::nullopt;
  const auto above = static_cast<std::size_t>(std::ranges::count(text.substr(0, runs[0].begin), '\n'));
  Gutters gutters{std::vector<std::uint32_t>(above, 0), numbered->first_number - above};
  gutters.bytes.insert(gutters.bytes.end(), numbered->gutters.begin(), numbered->gutters.end());
  gutters.bytes.resize(std::max(gutters.bytes.size(), base::split_lines(text).size()), 0);
  return gutters;
}

}  // namespace headroom::context
