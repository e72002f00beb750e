#include "compress/log/repeat_fold.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/marker.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kLongestPeriod = 8;
constexpr std::string_view kRepeated = " repeated>>";

struct Repeat {
  std::size_t first = 0;  // lines that the marker stands for, from 1
  std::size_t last = 0;
  std::size_t from = 0;  // lines that they repeat, in order, from 1
  std::size_t to = 0;
};

bool number(std::string_view& s, std::size_t& value) {
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc{}) return false;
  s.remove_prefix(static_cast<std::size_t>(end - s.data()));
  return true;
}

bool skip(std::string_view& s, std::string_view what) {
  if (!s.starts_with(what)) return false;
  s.remove_prefix(what.size());
  return true;
}

bool range(std::string_view& s, std::size_t& first, std::size_t& last) {
  if (!number(s, first)) return false;
  last = first;
  return !skip(s, "-") || number(s, last);
}

std::optional<Repeat> parse(std::string_view line) {
  Repeat r;
  if (!skip(line, "<<") || !range(line, r.first, r.last) || !skip(line, ": line")) return std::nullopt;
  skip(line, "s");
  if (!skip(line, " ") || !range(line, r.from, r.to) || line != kRepeated) return std::nullopt;
  if (r.first > r.last || r.from > r.to || r.to >= r.first) return std::nullopt;
  return r;
}

std::string marker(const Repeat& r) {
  const std::string what =
      r.from == r.to ? fmt::format("line {} repeated", r.from) : fmt::format("lines {}-{} repeated", r.from, r.to);
  return gap_marker(r.first, r.last, what);
}

/// How many lines from `at` on go on repeating the `period` lines before it; whole periods only.
std::size_t repeated(const std::vector<std::string_view>& lines, std::size_t at, std::size_t period) {
  std::size_t end = at;
  while (end < lines.size() && lines[end] == lines[end - period]) ++end;
  return (end - at) / period * period;
}

}  // namespace

std::optional<std::string> fold_repeats(std::string_view text) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  if (std::ranges::any_of(lines, [](std::string_view line) { return parse(line).has_value(); })) return std::nullopt;
  std::string out;
  bool folded = false;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t best = 0;
    std::string best_marker;
    for (std::size_t period = 1; period <= std::min(kLongestPeriod, i); ++period) {
      const std::size_t n = repeated(lines, i, period);
      if (n <= best) continue;
      std::size_t bytes = 0;
      for (std::size_t k = i; k < i + n; ++k) bytes += lines[k].size() + 1;
      std::string text_of = marker({i + 1, i + n, i - period + 1, i});
      if (bytes < text_of.size() * 3 / 2) continue;
      best = n;
      best_marker = std::move(text_of);
    }
    if (best == 0) {
      out.append(lines[i++]).push_back('\n');
      continue;
    }
    folded = true;
    out.append(best_marker).push_back('\n');
    i += best;
  }
  if (!folded) return std::nullopt;
  if (!text.ends_with('\n')) out.pop_back();
  return out;
}

std::string expand_repeats(std::string_view folded) {
  std::vector<std::string_view> lines;
  for (std::string_view line : base::split_lines(folded)) {
    const auto r = parse(line);
    if (!r || r->first != lines.size() + 1) {
      lines.push_back(line);
      continue;
    }
    const std::size_t period = r->to - r->from + 1;
    for (std::size_t k = 0; k <= r->last - r->first; ++k) lines.push_back(lines[r->from - 1 + k % period]);
  }
  std::string out;
  for (std::string_view line : lines) out.append(line).push_back('\n');
  if (!folded.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

}  // namespace headroom::compress::log
