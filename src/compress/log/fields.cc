#include "compress/log/fields.h"

#include <algorithm>
#include <array>
#include <optional>

#include "compress/log/quantity.h"

namespace headroom::compress::log {
namespace {

constexpr double kDay = 86400;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// The decimal number that is all of `s`.
std::optional<double> whole_number(std::string_view s) {
  if (s.empty() || s.size() > 12 || !std::ranges::all_of(s, digit)) return std::nullopt;
  double value = 0;
  for (char c : s) value = value * 10 + (c - '0');
  return value;
}

/// Days since some day, as far as order goes.
double day_number(double year, double month, double day) {
  return year * 372 + month * 31 + day;
}

/// "2026-04-02", "2026/04/02", with "T09:12:44Z" behind it or not.
std::optional<double> iso_date(std::string_view s, std::string_view& rest) {
  if (s.size() < 10 || (s[4] != '-' && s[4] != '/') || s[7] != s[4]) return std::nullopt;
  const auto year = whole_number(s.substr(0, 4));
  const auto month = whole_number(s.substr(5, 2));
  const auto day = whole_number(s.substr(8, 2));
  if (!year || !month || !day || *month > 12 || *day > 31) return std::nullopt;
  rest = s.size() > 11 ? s.substr(11) : std::string_view();
  return day_number(*year, *month, *day) * kDay;
}

/// "9:12", "09:12:44.25", "1-03:22:10" (days first), a zone behind it or not.
std::optional<double> clock_time(std::string_view s) {
  double days = 0;
  if (const std::size_t dash = s.find('-'); dash != std::string_view::npos && dash < 4) {
    const auto d = whole_number(s.substr(0, dash));
    if (!d) return std::nullopt;
    days = *d;
    s.remove_prefix(dash + 1);
  }
  double value = 0;
  int parts = 0;
  std::size_t at = 0;
  while (at < s.size() && parts < 3) {
    std::size_t end = at;
    while (end < s.size() && digit(s[end])) ++end;
    const auto n = whole_number(s.substr(at, end - at));
    if (!n || (parts > 0 && (end - at != 2 || *n > 60))) return std::nullopt;
    value = value * 60 + *n;
    ++parts;
    at = end;
    if (at >= s.size() || s[at] != ':') break;
    ++at;
  }
  if (parts < 2 || (at < s.size() && s[at] != '.' && s[at] != '+' && s[at] != 'Z')) return std::nullopt;
  return days * kDay + (parts == 2 ? value * 60 : value);
}

/// 1 to 12 for "Jan" to "Dec"; 0 for any other word.
int month_of(std::string_view s) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (s.size() != 3) return 0;
  const std::size_t at = kMonths.find(s);
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3 + 1);
}

struct Word {
  std::string_view text;
  double scale;
};

constexpr std::array kSpans = {Word{"second", 1},       Word{"minute", 60},     Word{"hour", 3600},
                               Word{"day", kDay},       Word{"week", 7 * kDay}, Word{"month", 30 * kDay},
                               Word{"year", 365 * kDay}};

/// Seconds that "weeks" counts; 0 when it is no such word.
double span_word(std::string_view s) {
  if (s.ends_with('s')) s.remove_suffix(1);
  for (const Word& w : kSpans) {
    if (w.text == s) return w.scale;
  }
  return 0;
}

/// "0000000000001f40", "0x1f40".
std::optional<double> hex_number(std::string_view s) {
  const bool marked = s.starts_with("0x");
  if (marked) s.remove_prefix(2);
  if (!(marked ? s.size() <= 16 && !s.empty() : s.size() == 16)) return std::nullopt;
  double value = 0;
  for (char c : s) {
    const char l = c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
    if (!digit(c) && (l < 'a' || l > 'f')) return std::nullopt;
    value = value * 16 + (digit(c) ? c - '0' : l - 'a' + 10);
  }
  return value;
}

void measure(Field& field) {
  std::string_view s = field.text;
  while (s.size() > 1 && (s.back() == ',' || s.back() == ';' || s.back() == ':')) s.remove_suffix(1);
  if (s == "-" || s == "--" || s == "<none>") {
    field.kind = FieldKind::kEmpty;
    return;
  }
  const std::size_t sign = s.size() > 1 && (s[0] == '-' || s[0] == '+' || s[0] == '$' || s[0] == '<') ? 1 : 0;
  if (!digit(s[sign]) || s.size() > 24) {
    if (s.size() == 16) {
      if (const auto hex = hex_number(s)) {
        field.kind = FieldKind::kNumber;
        field.value = *hex;
      }
    }
    return;
  }
  if (const auto hex = hex_number(s)) {
    field.kind = FieldKind::kNumber;
    field.value = *hex;
    return;
  }
  if (const auto clock = clock_time(s)) {
    field.kind = FieldKind::kSpan;
    field.value = *clock;
    return;
  }
  std::array<char, 24> plain{};
  std::size_t n = 0;
  for (char c : s) {
    if (c != ',') plain[n++] = c;
  }
  std::string_view number(plain.data(), n);
  for (std::string_view rate : {"/s", "/sec"}) {
    if (number.ends_with(rate)) number.remove_suffix(rate.size());
  }
  const auto q = parse_quantity(number);
  if (!q) return;
  field.value = q->value;
  field.kind = q->dimension == Dimension::kSize   ? FieldKind::kSize
               : q->dimension == Dimension::kTime ? FieldKind::kSpan
                                                  : FieldKind::kNumber;
}

/// Joins the date that begins at `at` with the fields that belong to it.
void join_date(std::vector<Field>& fields, std::size_t at) {
  Field& field = fields[at];
  std::string_view rest;
  if (const auto date = iso_date(field.text, rest)) {
    field.kind = FieldKind::kDate;
    field.value = *date;
    if (const auto clock = clock_time(rest)) {
      field.value += *clock;
    } else if (at + 1 < fields.size() && fields[at + 1].kind == FieldKind::kSpan) {
      field.value += fields[at + 1].value;
      fields[at + 1].kind = FieldKind::kPart;
    }
    return;
  }
  const int month = month_of(field.text);
  if (month == 0 || at + 2 >= fields.size()) return;
  const auto day = whole_number(fields[at + 1].text);
  if (!day || *day < 1 || *day > 31) return;
  Field& third = fields[at + 2];
  // A listing gives the time instead of the year for what is recent.
  double year = 9999;
  double seconds = 0;
  if (third.kind == FieldKind::kSpan) {
    seconds = third.value;
  } else if (third.kind == FieldKind::kNumber && third.value > 1900 && third.value < 2200) {
    year = third.value;
  } else {
    return;
  }
  field.kind = FieldKind::kDate;
  field.value = day_number(year, month, *day) * kDay + seconds;
  fields[at + 1].kind = third.kind = FieldKind::kPart;
}

/// "2 weeks ago", "12 MB": a number and its unit as two fields.
void join_unit(std::vector<Field>& fields, std::size_t at) {
  if (fields[at].kind != FieldKind::kNumber || at + 1 >= fields.size()) return;
  Field& next = fields[at + 1];
  if (next.kind != FieldKind::kWord || next.text.size() > 8) return;
  if (const double scale = span_word(next.text); scale > 0) {
    fields[at].kind = FieldKind::kSpan;
    fields[at].value *= scale;
    next.kind = FieldKind::kPart;
    return;
  }
  if (next.text.size() > 3 || (next.text.back() != 'B' && next.text != "ms")) return;
  std::array<char, 4> one = {'1'};
  std::ranges::copy(next.text, one.begin() + 1);
  const auto q = parse_quantity(std::string_view(one.data(), next.text.size() + 1));
  if (!q || q->dimension == Dimension::kNone) return;
  fields[at].kind = q->dimension == Dimension::kSize ? FieldKind::kSize : FieldKind::kSpan;
  fields[at].value *= q->value;
  next.kind = FieldKind::kPart;
}

}  // namespace

void split_fields(std::string_view line, std::vector<Field>& fields) {
  fields.clear();
  std::size_t at = 0;
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (fields.size() < kMaxFields) {
    while (at < line.size() && space(line[at])) ++at;
    if (at >= line.size()) break;
    const std::size_t begin = at;
    while (at < line.size() && !space(line[at])) ++at;
    fields.push_back({line.substr(begin, at - begin)});
    measure(fields.back());
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind == FieldKind::kPart) continue;
    join_date(fields, i);
    if (fields[i].kind == FieldKind::kNumber) join_unit(fields, i);
  }
}

}  // namespace headroom::compress::log
