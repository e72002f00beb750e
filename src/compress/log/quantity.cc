#include "compress/log/quantity.h"

#include <array>

namespace headroom::compress::log {
namespace {

struct Unit {
  std::string_view name;
  double scale;
  Dimension dimension;
};

constexpr std::array kUnits = {Unit{"ns", 1e-9, Dimension::kTime},
                               Unit{"us", 1e-6, Dimension::kTime},
                               Unit{"µs", 1e-6, Dimension::kTime},
                               Unit{"ms", 1e-3, Dimension::kTime},
                               Unit{"s", 1, Dimension::kTime},
                               Unit{"sec", 1, Dimension::kTime},
                               Unit{"secs", 1, Dimension::kTime},
                               Unit{"m", 60, Dimension::kTime},
                               Unit{"min", 60, Dimension::kTime},
                               Unit{"h", 3600, Dimension::kTime},
                               Unit{"d", 86400, Dimension::kTime},
                               Unit{"w", 7 * 86400, Dimension::kTime},
                               Unit{"B", 1, Dimension::kSize},
                               Unit{"b", 1, Dimension::kSize},
                               Unit{"kB", 1e3, Dimension::kSize},
                               Unit{"KB", 1e3, Dimension::kSize},
                               Unit{"K", 1e3, Dimension::kSize},
                               Unit{"k", 1e3, Dimension::kSize},
                               Unit{"KiB", 1024, Dimension::kSize},
                               Unit{"MB", 1e6, Dimension::kSize},
                               Unit{"M", 1e6, Dimension::kSize},
                               Unit{"MiB", 1048576, Dimension::kSize},
                               Unit{"GB", 1e9, Dimension::kSize},
                               Unit{"G", 1e9, Dimension::kSize},
                               Unit{"GiB", 1073741824, Dimension::kSize},
                               Unit{"Ki", 1024, Dimension::kSize},
                               Unit{"Mi", 1048576, Dimension::kSize},
                               Unit{"Gi", 1073741824, Dimension::kSize},
                               Unit{"TB", 1e12, Dimension::kSize},
                               Unit{"T", 1e12, Dimension::kSize},
                               Unit{"TiB", 1099511627776, Dimension::kSize},
                               Unit{"%", 1, Dimension::kPercent}};

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

}  // namespace

std::optional<Quantity> parse_quantity(std::string_view word) {
  std::size_t at = 0;
  while (at < word.size() && !digit(word[at])) ++at;
  if (at == word.size()) return std::nullopt;
  if (at > 0 && (letter(word[at - 1]) || word[at - 1] == '_')) return std::nullopt;
  const bool negative = at > 0 && word[at - 1] == '-' && (at == 1 || word[at - 2] == ':');
  Quantity q;
  bool first = true;
  while (at < word.size()) {
    double value = 0;
    const std::size_t begin = at;
    for (; at < word.size() && digit(word[at]); ++at) value = value * 10 + (word[at] - '0');
    if (at == begin || at - begin > 15) return std::nullopt;
    if (at + 1 < word.size() && word[at] == '.' && digit(word[at + 1])) {
      double scale = 0.1;
      for (++at; at < word.size() && digit(word[at]); ++at, scale /= 10) value += (word[at] - '0') * scale;
    }
    std::size_t end = at;
    while (end < word.size() && !digit(word[end])) ++end;
    const std::string_view name = word.substr(at, end - at);
    at = end;
    if (name.empty()) {
      if (!first) return std::nullopt;
      q.value = value;
      break;
    }
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (candidate.name == name) unit = &candidate;
    }
    if (unit == nullptr || (!first && unit->dimension != q.dimension)) return std::nullopt;
    q.value += value * unit->scale;
    q.dimension = unit->dimension;
    first = false;
  }
  if (negative) q.value = -q.value;
  return q;
}

}  // namespace headroom::compress::log
