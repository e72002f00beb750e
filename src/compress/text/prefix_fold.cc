#include "compress/text/prefix_fold.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "compress/line_head.h"

namespace headroom::compress::text {
namespace {

constexpr std::string_view kMiddle = " lines begin with: ";
constexpr std::size_t kShortest = 20;  // bytes of a prefix
constexpr std::size_t kLongest = 400;
constexpr std::size_t kMarker = 36;  // bytes of a marker without its prefix

std::optional<LineHead> read_head(std::string_view line) {
  const auto head = read_line_head(line, kMiddle);
  return head && head->lines > 0 && !head->shared.empty() ? head : std::nullopt;
}

std::size_t shared(std::string_view a, std::string_view b) {
  const auto [x, y] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(x - a.begin());
}

/// The prefix, cut back to where a word ends and a marker can hold it.
std::string_view whole_words(std::string_view prefix) {
  prefix = prefix.substr(0, std::min({prefix.size(), kLongest, prefix.find(">>")}));
  const std::size_t cut = prefix.find_last_of(" \t/:=,;|.[({\"");
  if (cut == std::string_view::npos) return {};
  // Indentation is no beginning that one would name.
  const auto blank = std::ranges::count_if(prefix, [](char c) { return c == ' ' || c == '\t'; });
  return static_cast<std::size_t>(blank) * 2 > prefix.size() ? std::string_view() : prefix.substr(0, cut + 1);
}

/// The longest run from line `i` on that is worth a marker: how many lines, and what they begin with.
std::size_t best_run(const std::vector<std::string_view>& lines, std::size_t i, std::string_view& prefix) {
  static constexpr std::size_t kMostLines = 4096;
  std::size_t best_lines = 0;
  std::size_t best_gain = 0;
  std::string_view common = lines[i].substr(0, kLongest);
  for (std::size_t n = 2; i + n <= lines.size() && n <= kMostLines; ++n) {
    const std::size_t same = shared(common, lines[i + n - 1]);
    if (same < common.size()) {
      // A new bound: the run so far, then a longer one with less in common.
      common = common.substr(0, same);
      if (common.size() < kShortest) break;
    }
    const std::string_view words = whole_words(common);
    if (words.size() < kShortest) break;
    const std::size_t spared = words.size() * n;
    const std::size_t gain = spared > words.size() + kMarker ? spared - words.size() - kMarker : 0;
    if (gain <= best_gain) continue;
    best_gain = gain;
    best_lines = n;
    prefix = words;
  }
  return best_lines;
}

}  // namespace

std::optional<std::string> fold_prefixes(std::string_view text) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  if (std::ranges::any_of(lines, [](std::string_view line) { return line.starts_with(kLineHeadOpen); }))
    return std::nullopt;
  std::string out;
  bool folded = false;
  for (std::size_t i = 0; i < lines.size();) {
    std::string_view prefix;
    const bool near = i + 1 < lines.size() && shared(lines[i].substr(0, kLongest), lines[i + 1]) >= kShortest;
    const std::size_t run = near ? best_run(lines, i, prefix) : 0;
    if (run == 0) {
      out.append(lines[i++]).push_back('\n');
      continue;
    }
    folded = true;
    out += line_head(run, kMiddle, prefix);
    for (const std::size_t end = i + run; i < end; ++i) out.append(lines[i].substr(prefix.size())).push_back('\n');
  }
  if (!folded) return std::nullopt;
  if (!text.ends_with('\n')) out.pop_back();
  return out;
}

std::string expand_prefixes(std::string_view folded) {
  std::string out;
  std::size_t left = 0;  // lines that still have the prefix
  std::string_view prefix;
  for (std::string_view line : base::split_lines(folded)) {
    if (left == 0) {
      if (const auto head = read_head(line)) {
        left = head->lines;
        prefix = head->shared;
        continue;
      }
    } else {
      --left;
      out += prefix;
    }
    out.append(line).push_back('\n');
  }
  if (!folded.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

}  // namespace headroom::compress::text
