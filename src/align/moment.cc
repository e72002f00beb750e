#include "align/moment.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace headroom::align {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A place in the text that moves on as far as what is asked for stands there.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  /// `least` to `most` digits that no other digit follows.
  bool number(std::size_t least, std::size_t most, int& value) {
    std::size_t end = at_;
    value = 0;
    while (end < text_.size() && end - at_ < most && is_digit(text_[end])) value = value * 10 + (text_[end++] - '0');
    if (end - at_ < least || (end < text_.size() && is_digit(text_[end]))) return false;
    at_ = end;
    return true;
  }
  /// One of the names, whole or its first three letters (and a '.'); case counts only for the first letter.
  bool name(std::span<const std::string_view> names) {
    const char first = peek();
    if (first < 'A' || first > 'Z') return false;
    const auto begins = [first](std::string_view full) { return full.front() == (first | 0x20); };
    if (std::ranges::none_of(names, begins)) return false;
    std::size_t end = at_;
    while (end < text_.size() && end - at_ < 12 && is_letter(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (word.size() < 3) return false;
    for (const std::string_view full : names) {
      if (!base::equals_ci(word, full) && !base::equals_ci(word, full.substr(0, 3))) continue;
      at_ = end;
      if (word.size() == 3 && peek() == '.') ++at_;
      return true;
    }
    return false;
  }
  bool one_of(std::span<const std::string_view> words) {
    for (const std::string_view word : words) {
      const Cursor before = *this;
      if (take(word) && !is_letter(peek())) return true;
      *this = before;
    }
    return false;
  }
  Cursor& operator=(const Cursor& other) {
    at_ = other.at_;
    return *this;
  }
  Cursor(const Cursor&) = default;

 private:
  std::string_view text_;
  std::size_t at_;
};

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 4> kOrdinals = {"st", "nd", "rd", "th"};
constexpr std::array<std::string_view, 8> kHalves = {"AM", "PM", "am", "pm", "a.m.", "p.m.", "A.M.", "P.M."};
constexpr std::array<std::string_view, 25> kZones = {"UTC", "GMT",  "EST",  "EDT",  "CST", "CDT", "MST", "MDT",  "PST",
                                                     "PDT", "CET",  "CEST", "BST",  "IST", "JST", "KST", "AEST", "AEDT",
                                                     "EET", "EEST", "WET",  "WEST", "MSK", "SGT", "HKT"};

bool is_year(int value) {
  return value >= 1970 && value < 2200;
}

void offset(Cursor& cursor) {
  const Cursor before = cursor;
  int value = 0;
  if ((cursor.take('+') || cursor.take('-')) && (cursor.number(4, 4, value) || cursor.number(2, 2, value))) {
    if (!cursor.take(':') || cursor.number(2, 2, value)) return;
  }
  cursor = before;
}

void zone(Cursor& cursor) {
  if (cursor.take('Z')) return;
  const Cursor before = cursor;
  offset(cursor);
  if (cursor.at() != before.at()) return;
  if (!cursor.take(' ')) return;
  if (cursor.one_of(kZones)) {
    offset(cursor);
  } else {
    const std::size_t space = cursor.at();
    offset(cursor);
    if (cursor.at() == space) {
      cursor = before;
      return;
    }
  }
  // "GMT+0100 (Central European Standard Time)"
  const Cursor zoned = cursor;
  if (!cursor.take(" (")) return;
  for (int length = 0; length < 48 && (is_letter(cursor.peek()) || cursor.peek() == ' '); ++length) {
    cursor.take(cursor.peek());
  }
  if (!cursor.take(')')) cursor = zoned;
}

bool clock(Cursor& cursor) {
  const Cursor before = cursor;
  int hour = 0, minute = 0, second = 0;
  if (!cursor.number(1, 2, hour) || !cursor.take(':') || !cursor.number(2, 2, minute) || hour > 23 || minute > 59) {
    cursor = before;
    return false;
  }
  if (cursor.peek() == ':' && is_digit(cursor.peek(1))) {
    cursor.take(':');
    if (!cursor.number(2, 2, second) || second > 60) {
      cursor = before;
      return false;
    }
    if ((cursor.peek() == '.' || cursor.peek() == ',') && is_digit(cursor.peek(1))) {
      cursor.take(cursor.peek());
      int fraction = 0;
      if (!cursor.number(1, 9, fraction)) {
        cursor = before;
        return false;
      }
    }
  }
  const Cursor bare = cursor;
  cursor.take(' ');
  if (!cursor.one_of(kHalves)) cursor = bare;
  zone(cursor);
  return true;
}

/// What joins a date and its time.
bool clock_after(Cursor& cursor) {
  const Cursor before = cursor;
  if (cursor.take('T') || cursor.take(" at ") || cursor.take(", ") || cursor.take(' ') || cursor.take('_')) {
    if (clock(cursor)) return true;
  }
  cursor = before;
  return false;
}

bool day(Cursor& cursor) {
  int value = 0;
  if (!cursor.number(1, 2, value) || value < 1 || value > 31) return false;
  cursor.one_of(kOrdinals);
  return true;
}

bool year_first(Cursor& cursor) {
  int year = 0, month = 0, date = 0;
  if (!cursor.number(4, 4, year) || !is_year(year)) return false;
  const char separator = cursor.peek();
  if (separator != '-' && separator != '/' && separator != '.') return false;
  cursor.take(separator);
  return cursor.number(1, 2, month) && month >= 1 && month <= 12 && cursor.take(separator) &&
         cursor.number(1, 2, date) && date >= 1 && date <= 31;
}

bool year_last(Cursor& cursor) {
  int first = 0, second = 0, year = 0;
  if (!cursor.number(1, 2, first)) return false;
  const char separator = cursor.peek();
  if (separator != '-' && separator != '/' && separator != '.') return false;
  cursor.take(separator);
  return cursor.number(1, 2, second) && cursor.take(separator) && cursor.number(4, 4, year) && is_year(year) &&
         first >= 1 && second >= 1 && first <= 31 && second <= 31 && (first <= 12 || second <= 12);
}

bool day_first(Cursor& cursor) {
  int year = 0;
  if (!day(cursor) || !(cursor.take(' ') || cursor.take('-'))) return false;
  cursor.take("of ");
  if (!cursor.name(kMonths)) return false;
  cursor.take(',');
  return (cursor.take(' ') || cursor.take('-')) && cursor.number(4, 4, year) && is_year(year);
}

/// "November 25, 2026", "Nov 25 12:40:18 UTC 2026"
bool month_first(Cursor& cursor, bool& time) {
  int year = 0;
  if (!cursor.name(kMonths) || !cursor.take(' ')) return false;
  cursor.take(' ');
  if (!day(cursor)) return false;
  const Cursor before = cursor;
  if (cursor.take(' ') && clock(cursor)) {
    time = true;
    return cursor.take(' ') && cursor.number(4, 4, year) && is_year(year);
  }
  cursor = before;
  cursor.take(',');
  return cursor.take(' ') && cursor.number(4, 4, year) && is_year(year);
}

}  // namespace

std::size_t weekday_at(std::string_view text, std::size_t at) {
  Cursor cursor(text, at);
  return cursor.name(kWeekdays) ? cursor.at() : 0;
}

Moment moment_at(std::string_view text, std::size_t at) {
  Moment moment;
  Cursor start(text, at);
  if (start.name(kWeekdays)) {
    start.take(',');
    if (!start.take(' ')) return moment;
  }
  const auto dated = [&](auto&& form) {
    Cursor cursor = start;
    if (!form(cursor)) return false;
    moment.date = true;
    moment.time = clock_after(cursor) || moment.time;
    moment.end = cursor.at();
    return true;
  };
  if (dated(year_first) || dated(year_last) || dated(day_first) ||
      dated([&](Cursor& cursor) { return month_first(cursor, moment.time); })) {
    return moment;
  }
  moment = {};
  Cursor cursor = start;
  if (start.at() == at && clock(cursor)) {
    moment.time = true;
    moment.end = cursor.at();
  }
  return moment;
}

}  // namespace headroom::align
