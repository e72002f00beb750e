#include "compress/text/line_times.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::text {
namespace {

constexpr std::size_t kFewestLines = 6;
constexpr std::size_t kMostWithoutPercent = 10;
constexpr std::size_t kLongestNames = 160;  // bytes
constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddddddZ";
constexpr std::size_t kSeconds = 19;  // bytes up to the fraction

bool is_time(std::string_view text) {
  if (text.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !digit : text[i] != kForm[i]) return false;
  }
  return text.size() == kForm.size() || text[kForm.size()] == ' ';
}

/// Where the time of a line stands; npos: nowhere. Before it are names that tabs end, or nothing.
std::size_t time_at(std::string_view line) {
  static constexpr std::string_view kByteOrder = "\xEF\xBB\xBF";
  for (std::size_t at = 0, tabs = 0; tabs <= 2 && at < kLongestNames; ++tabs) {
    if (line.substr(at).starts_with(kByteOrder)) at += kByteOrder.size();
    if (is_time(line.substr(at))) return at;
    const std::size_t tab = line.find('\t', at);
    if (tab == std::string_view::npos) break;
    at = tab + 1;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Untimed> without_times(std::string_view text) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  if (lines.size() < kFewestLines || time_at(lines[1]) == std::string_view::npos) return std::nullopt;
  const std::string_view names = lines[1].substr(0, time_at(lines[1]));
  std::string_view first, last;
  bool same_names = true;
  std::size_t timed = 0;
  for (std::string_view line : lines) {
    const std::size_t at = time_at(line);
    if (at == std::string_view::npos) continue;
    ++timed;
    same_names = same_names && line.substr(0, at) == names;
    last = line.substr(at, kSeconds);
    if (first.empty()) first = last;
  }
  if ((lines.size() - timed) * 100 > lines.size() * kMostWithoutPercent) return std::nullopt;
  Untimed out;
  out.text.reserve(text.size());
  for (std::string_view line : lines) {
    const std::size_t at = time_at(line);
    if (at != std::string_view::npos) {
      if (!same_names) out.text.append(line.substr(0, at));
      line.remove_prefix(std::min(line.size(), at + kForm.size() + 1));
    }
    out.text.append(line).push_back('\n');
  }
  if (!text.ends_with('\n')) out.text.pop_back();
  out.what = fmt::format("times of {} lines ({}Z to {}Z)", timed, first, last);
  if (same_names && !names.empty()) {
    std::string told(names.substr(0, names.size() - 1));
    std::ranges::replace(told, '\t', ' ');
    out.what += fmt::format(" and \"{}\"", told);
  }
  out.what += " taken out";
  return out;
}

bool asks_about_time(std::string_view user) {
  static constexpr std::array<std::string_view, 17> kWords = {
      "when",  "how long", "slow",   "fast", "time", "duration", "took",  " take",  "hang",
      "stuck", "minute",   "second", "hour", "wann", "lange",    "dauer", "langsam"};
  const bool clock = std::ranges::any_of(std::string_view("0123456789"), [&](char c) {
    const std::size_t at = user.find(c);
    return at != std::string_view::npos && user.find(':', at) != std::string_view::npos && user.find(':', at) <= at + 2;
  });
  return clock || std::ranges::any_of(kWords, [&](std::string_view word) { return base::contains_ci(user, word); });
}

bool looks_for_time(std::string_view intent) {
  static constexpr std::array<std::string_view, 8> kWords = {"when ", "how long",  "slow",  "duration",
                                                             "took",  "timestamp", "hangs", "stuck"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return base::contains_ci(intent, word); });
}

}  // namespace headroom::compress::text
