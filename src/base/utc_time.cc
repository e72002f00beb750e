#include "base/utc_time.h"

#include <array>
#include <charconv>
#include <chrono>

namespace headroom::base {
namespace {

/// Digits at `at`, as many as asked for; -1 for others.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  const char* from = text.data() + at;
  const auto [end, error] = std::from_chars(from, from + count, value);
  return error == std::errc() && end == from + count && value >= 0 ? value : -1;
}

}  // namespace

std::int64_t parse_time(std::string_view text) {
  const std::array<int, 6> part = {digits(text, 0, 4),  digits(text, 5, 2),  digits(text, 8, 2),
                                   digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)};
  for (int value : part) {
    if (value < 0) return 0;
  }
  const std::chrono::year_month_day day{std::chrono::year(part[0]), std::chrono::month(static_cast<unsigned>(part[1])),
                                        std::chrono::day(static_cast<unsigned>(part[2]))};
  if (!day.ok() || part[0] < 1970 || part[3] > 23 || part[4] > 59 || part[5] > 60) return 0;
  std::int64_t ms = std::chrono::sys_days(day).time_since_epoch().count() * 86'400'000LL;
  ms += ((part[3] * 60LL + part[4]) * 60 + part[5]) * 1000;
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    int scale = 100;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      ms += static_cast<std::int64_t>(text[at] - '0') * scale;
    }
  }
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const int hours = digits(text, at + 1, 2);
    const int minutes = digits(text, at + 4, 2);
    if (hours >= 0 && minutes >= 0) ms -= (text[at] == '+' ? 1 : -1) * (hours * 60LL + minutes) * 60'000;
  }
  return ms;
}

}  // namespace headroom::base
