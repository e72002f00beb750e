#include "detect/blame_shape.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace headroom::detect {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// "0c4c33f0 src/a.cc (A. Writer 2026-11-21 15:08:32 +0000  12) text", also with a boundary's "^".
bool is_blame_line(std::string_view line) {
  if (line.starts_with('^')) line.remove_prefix(1);
  std::size_t hash = 0;
  while (hash < line.size() && std::isxdigit(static_cast<unsigned char>(line[hash])) != 0) ++hash;
  if (hash < 7 || hash > 64 || hash == line.size() || line[hash] != ' ') return false;
  const std::size_t open = line.find('(', hash);
  const std::size_t close = line.find(')', open);
  if (open == std::string_view::npos || close == std::string_view::npos || !digit(line[close - 1])) return false;
  const std::string_view who = line.substr(open, close - open);
  // A date stands in it: "2026-11-21".
  for (std::size_t at = who.find('-'); at != std::string_view::npos; at = who.find('-', at + 1)) {
    if (at >= 4 && at + 3 < who.size() && digit(who[at - 1]) && digit(who[at - 4]) && digit(who[at + 1]) &&
        who[at + 3] == '-')
      return true;
  }
  return false;
}

}  // namespace

std::optional<Detection> blame_shape(std::span<const std::string_view> lines) {
  const auto blamed = std::ranges::count_if(lines, is_blame_line);
  const auto filled = std::ranges::count_if(lines, [](std::string_view line) { return !line.empty(); });
  if (blamed < 3 || blamed * 10 < filled * 9) return std::nullopt;
  return Detection{ContentType::kLog, 0.9, fmt::format("{} lines behind who changed them", blamed)};
}

}  // namespace headroom::detect
