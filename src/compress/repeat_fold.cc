#include "compress/repeat_fold.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kLongestPeriod = 8;
constexpr std::string_view kRepeated = " repeated>>";

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
  return gap_marker(r.first, r.last, repeat_text(r));
}

/// How many lines from `at` on go on repeating the `period` lines before it; whole periods only.
std::size_t repeated(std::span<const std::string_view> lines, std::size_t at, std::size_t period) {
  std::size_t end = at;
  while (end < lines.size() && lines[end] == lines[end - period]) ++end;
  return (end - at) / period * period;
}

}  // namespace

std::string repeat_text(const Repeat& repeat) {
  return repeat.from == repeat.to ? fmt::format("line {} repeated", repeat.from)
                                  : fmt::format("lines {}-{} repeated", repeat.from, repeat.to);
}

std::vector<Repeat> find_repeats(std::span<const std::string_view> lines) {
  std::vector<Repeat> repeats;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t best = 0;
    Repeat found;
    for (std::size_t period = 1; period <= std::min(kLongestPeriod, i); ++period) {
      const std::size_t n = repeated(lines, i, period);
      if (n <= best) continue;
      std::size_t bytes = 0;
      for (std::size_t k = i; k < i + n; ++k) bytes += lines[k].size() + 1;
      const Repeat repeat{i + 1, i + n, i - period + 1, i};
      if (bytes < marker(repeat).size() * 3 / 2) continue;
      best = n;
      found = repeat;
    }
    if (best > 0) repeats.push_back(found);
    i += std::max<std::size_t>(best, 1);
  }
  return repeats;
}

std::optional<std::string> fold_repeats(std::string_view text) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  if (std::ranges::any_of(lines, [](std::string_view line) { return parse(line).has_value(); })) return std::nullopt;
  const std::vector<Repeat> repeats = find_repeats(lines);
  if (repeats.empty()) return std::nullopt;
  std::string out;
  std::size_t at = 0;
  for (const Repeat& repeat : repeats) {
    for (; at + 1 < repeat.first; ++at) out.append(lines[at]).push_back('\n');
    out.append(marker(repeat)).push_back('\n');
    at = repeat.last;
  }
  for (; at < lines.size(); ++at) out.append(lines[at]).push_back('\n');
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

}  // namespace headroom::compress
