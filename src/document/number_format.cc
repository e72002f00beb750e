#include "document/number_format.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace headroom::document {
namespace {

constexpr double kLastDay = 2958466;  // the end of the year 9999

std::string plain(double value) {
  if (std::fabs(value) < 1e15 && value == std::round(value)) return fmt::format("{:.0f}", value);
  // Fifteen digits are what spreadsheets calculate with; more are an artefact.
  std::string out = fmt::format("{:.15g}", value);
  return out;
}

std::string clock(long long seconds) {
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

NumberKind kind_of_builtin(int id) {
  if (id == 9 || id == 10) return NumberKind::kPercent;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 58)) return NumberKind::kDate;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 36)) return NumberKind::kTime;
  if (id == 22) return NumberKind::kDateTime;
  if (id >= 45 && id <= 47) return NumberKind::kDuration;
  return NumberKind::kNumber;
}

NumberKind kind_of_format(std::string_view code) {
  code = code.substr(0, code.find(';'));  // what follows is for negative numbers
  bool date = false, time = false, elapsed = false, percent = false, minutes = false;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at] >= 'A' && code[at] <= 'Z' ? static_cast<char>(code[at] + 32) : code[at];
    switch (c) {
      case '"':
        at = std::min(code.find('"', at + 1), code.size());
        break;
      case '\\':
      case '_':
      case '*':
        ++at;
        break;
      case '[': {
        // "[h]" counts hours past the day; "[Red]" and "[$-409]" say how it looks.
        const std::size_t end = std::min(code.find(']', at), code.size());
        const std::string_view inside = code.substr(at + 1, end - at - 1);
        elapsed = elapsed || (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos);
        at = end;
        break;
      }
      case 'y':
      case 'd':
        date = true;
        break;
      case 'h':
      case 's':
        time = true;
        break;
      case 'm':
        minutes = true;
        break;
      case '%':
        percent = true;
        break;
      case 'g':
        if (code.substr(at).starts_with("General") || code.substr(at).starts_with("GENERAL")) at += 6;
        break;
      default:
        break;
    }
  }
  if (elapsed) return NumberKind::kDuration;
  if (date && time) return NumberKind::kDateTime;
  if (date) return NumberKind::kDate;
  if (time) return NumberKind::kTime;
  if (minutes) return NumberKind::kDate;
  return percent ? NumberKind::kPercent : NumberKind::kNumber;
}

std::string number_text(double value, NumberKind kind, bool days_1904) {
  if (!std::isfinite(value)) return {};
  if (kind == NumberKind::kNumber) return plain(value);
  if (kind == NumberKind::kPercent) return plain(std::round(value * 1e12) / 1e10) + "%";
  if (value < 0 || value >= kLastDay) return plain(value);
  const auto all_seconds = std::llround(value * 86400);
  if (kind == NumberKind::kDuration || (kind == NumberKind::kTime && value < 1)) return clock(all_seconds);
  long long days = all_seconds / 86400;
  // 1900 is a leap year for them, so the days before its 29th of February are one off.
  days += days_1904 ? 1462 : days < 60 ? 1 : 0;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::year{1899} / 12 / 30} +
                                         std::chrono::days{days}};
  const std::string day = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  const long long rest = all_seconds % 86400;
  return rest == 0 && kind == NumberKind::kDate ? day : day + " " + clock(rest);
}

}  // namespace headroom::document
