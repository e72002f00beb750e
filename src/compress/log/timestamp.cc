#include "compress/log/timestamp.h"

#include <algorithm>

namespace headroom::compress::log {
namespace {

constexpr std::size_t kLookAt = 48;  // bytes of a line in which a stamp may begin

bool digit(char c) {
  return c >= '0' && c <= '9';
}

int two(std::string_view s, std::size_t at) {
  return (s[at] - '0') * 10 + (s[at + 1] - '0');
}

bool two_digits(std::string_view s, std::size_t at) {
  return at + 1 < s.size() && digit(s[at]) && digit(s[at + 1]);
}

/// Days since 1970-01-01 of a civil date (Howard Hinnant's public-domain formula).
std::int64_t days_from_civil(int y, int m, int d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int yoe = static_cast<int>(y - era * 400);
  const int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct Date {
  std::size_t begin;
  std::int64_t days;
};

int month_of(std::string_view name) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t at = kMonths.find(name);
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

/// The date that ends right before `clock` ("2026-03-12T", "12/Mar/2026:", "Mar  1 "). Days count within a year that is
/// unknown where the stamp has none.
Date date_before(std::string_view s, std::size_t clock) {
  const Date none{clock, 0};
  if (clock >= 11 && (s[clock - 4] == '-' || s[clock - 4] == '/') && s[clock - 7] == s[clock - 4] &&
      digit(s[clock - 11]) && two_digits(s, clock - 10 + 1) && two_digits(s, clock - 6) && two_digits(s, clock - 3)) {
    const int year = two(s, clock - 11) * 100 + two(s, clock - 9);
    return {clock - 11, days_from_civil(year, two(s, clock - 6), two(s, clock - 3))};
  }
  if (clock >= 12 && s[clock - 1] == ':' && s[clock - 6] == '/' && s[clock - 10] == '/' && two_digits(s, clock - 12)) {
    const int month = month_of(s.substr(clock - 9, 3));
    if (month > 0) {
      return {clock - 12, days_from_civil(two(s, clock - 5) * 100 + two(s, clock - 3), month, two(s, clock - 12))};
    }
  }
  if (clock >= 7 && s[clock - 1] == ' ' && digit(s[clock - 2])) {
    const int month = month_of(s.substr(clock - 7, 3));
    const int day = (digit(s[clock - 3]) ? (s[clock - 3] - '0') * 10 : 0) + (s[clock - 2] - '0');
    if (month > 0) return {clock - 7, days_from_civil(2000, month, day)};
  }
  if (clock >= 6 && s[clock - 1] == ' ' && two_digits(s, clock - 3) && two_digits(s, clock - 5)) {  // klog "I0312 "
    return {clock - 5, days_from_civil(2000, two(s, clock - 5), two(s, clock - 3))};
  }
  return none;
}

std::size_t skip_zone(std::string_view s, std::size_t at) {
  if (at < s.size() && s[at] == 'Z') return at + 1;
  std::size_t from = at;
  if (from < s.size() && s[from] == ' ') ++from;
  if (from + 4 < s.size() && (s[from] == '+' || s[from] == '-') && two_digits(s, from + 1)) {
    if (two_digits(s, from + 3)) return from + 5;
    if (s[from + 3] == ':' && two_digits(s, from + 4)) return from + 6;
  }
  return at;
}

Timestamp with_clock(std::string_view s, std::size_t at) {
  std::int64_t ms = (two(s, at) * 3600 + two(s, at + 3) * 60 + two(s, at + 6)) * 1000LL;
  std::size_t end = at + 8;
  if (end + 1 < s.size() && (s[end] == '.' || s[end] == ',') && digit(s[end + 1])) {
    int scale = 100;
    for (++end; end < s.size() && digit(s[end]); ++end, scale /= 10) ms += (s[end] - '0') * scale;
  }
  const Date date = date_before(s, at);
  return {date.begin, skip_zone(s, end), date.days * 86'400'000 + ms};
}

std::optional<Timestamp> seconds(std::string_view s, std::size_t begin, std::size_t at, std::size_t least_digits) {
  std::int64_t value = 0;
  const std::size_t first = at;
  for (; at < s.size() && digit(s[at]) && at - first < 11; ++at) value = value * 10 + (s[at] - '0');
  if (at - first < least_digits || at >= s.size() || s[at] != '.') return std::nullopt;
  int scale = 100;
  std::int64_t ms = value * 1000;
  const std::size_t point = at;
  for (++at; at < s.size() && digit(s[at]); ++at, scale /= 10) ms += (s[at] - '0') * scale;
  if (at - point < 4) return std::nullopt;
  return Timestamp{begin, at, ms};
}

}  // namespace

std::optional<Timestamp> find_timestamp(std::string_view line) {
  const std::size_t limit = std::min(line.size(), kLookAt);
  for (std::size_t at = 2; at + 5 < line.size() && at < limit; ++at) {
    if (line[at] != ':' || line[at + 3] != ':') continue;
    if (two_digits(line, at - 2) && two_digits(line, at + 1) && two_digits(line, at + 4) &&
        (at == 2 || !digit(line[at - 3])) && (at + 6 >= line.size() || !digit(line[at + 6])) && line[at - 2] <= '2') {
      return with_clock(line, at - 2);
    }
  }
  if (line.size() > 8 && line[0] == '[') {
    const std::size_t at = line.find_first_not_of(' ', 1);
    if (at != std::string_view::npos) {
      auto stamp = seconds(line, 0, at, 1);
      if (stamp && stamp->end < line.size() && line[stamp->end] == ']') {
        ++stamp->end;
        return stamp;
      }
    }
    return std::nullopt;
  }
  if (!line.empty() && digit(line[0])) return seconds(line, 0, 0, 10);
  return std::nullopt;
}

}  // namespace headroom::compress::log
