#include "compress/table/time_range.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <vector>

namespace headroom::compress::table {
namespace {

constexpr double kDay = 1e9;  // where the date begins in the digits
constexpr double kNear = 5;   // minutes around "at 14:05"

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A moment as far as it is given: [begin, end] are the first and the last instant that it may mean.
struct Moment {
  std::size_t at = 0, length = 0;
  double begin = 0, end = 0;
  bool date = false, clock = false;
};

/// The number that `digits` digits spell at text[at], or -1.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (i >= text.size() || !is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// Reads "10:05" or "10:05:30"; how far it got, 0 for none.
std::size_t read_clock(std::string_view text, std::size_t at, Moment& moment) {
  const std::size_t digits = number_at(text, at, 2) >= 0 ? 2 : 1;
  const int hour = number_at(text, at, digits);
  const int minute = at + digits < text.size() && text[at + digits] == ':' ? number_at(text, at + digits + 1, 2) : -1;
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return 0;
  std::size_t end = at + digits + 3;
  const int second = end < text.size() && text[end] == ':' ? number_at(text, end + 1, 2) : -1;
  if (second >= 0) end += 3;
  moment.clock = true;
  moment.begin += hour * 1e7 + minute * 1e5 + std::max(second, 0) * 1e3;
  moment.end += hour * 1e7 + minute * 1e5 + (second >= 0 ? second * 1e3 + 999 : 59999);
  return end;
}

std::vector<Moment> moments_of(std::string_view text) {
  std::vector<Moment> out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at]) || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == ':')))
      continue;
    Moment moment{.at = at};
    const int year = number_at(text, at, 4);
    std::size_t end = 0;
    if (year > 0 && at + 9 < text.size() && text[at + 4] == '-' && text[at + 7] == '-') {
      const int month = number_at(text, at + 5, 2), day = number_at(text, at + 8, 2);
      if (month < 1 || day < 1) continue;
      moment.date = true;
      moment.begin = moment.end = (year * 10000.0 + month * 100.0 + day) * kDay;
      end = at + 10;
      if (end + 4 < text.size() && (text[end] == 'T' || text[end] == ' ')) {
        if (const std::size_t clock = read_clock(text, end + 1, moment)) end = clock;
      }
      if (!moment.clock) moment.end += 235959999;
    } else {
      end = read_clock(text, at, moment);
      if (end == 0 || (end < text.size() && (text[end] == ':' || is_digit(text[end])))) continue;
    }
    moment.length = end - at;
    out.push_back(moment);
    at = end - 1;
  }
  return out;
}

/// The words right before a place, lower case.
std::string before(std::string_view text, std::size_t at) {
  std::string out(text.substr(at > 24 ? at - 24 : 0, std::min<std::size_t>(at, 24)));
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool says(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

}  // namespace

std::optional<TimeRange> read_time_range(std::string_view question) {
  const std::vector<Moment> moments = moments_of(question.substr(0, 4000));
  if (moments.empty()) return std::nullopt;
  const Moment& first = moments.front();
  TimeRange range{.begin = first.begin, .end = first.end, .clock = !first.date};
  if (moments.size() >= 2) {
    Moment last = moments[1];
    // "between 2026-03-01 10:00 and 11:00"
    if (first.date && !last.date) {
      const double date = static_cast<double>(static_cast<long long>(first.begin / kDay)) * kDay;
      last.begin += date;
      last.end += date;
    }
    if (!first.date && last.date) return std::nullopt;
    range.begin = std::min(first.begin, last.begin);
    range.end = std::max(first.end, last.end);
    return range;
  }
  const std::string words = before(question, first.at);
  if (says(words, "after") || says(words, "since") || says(words, "from")) {
    range.end = std::numeric_limits<double>::infinity();
  } else if (says(words, "before") || says(words, "until") || says(words, "till") || says(words, " by ")) {
    range.begin = 0;
  } else if (first.clock) {
    // About that time. Minutes are no decimal digits, so this is wide where an hour begins or ends.
    const double hour = 40 * 1e5;
    const double minutes = static_cast<double>(static_cast<long long>(range.begin / 1e5) % 100);
    range.begin -= kNear * 1e5 + (minutes < kNear ? hour : 0);
    range.end += kNear * 1e5 + (minutes + kNear >= 60 ? hour : 0);
  }
  return range;
}

}  // namespace headroom::compress::table
