#include "compress/text/common_head.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/text.h"
#include "compress/line_head.h"

namespace headroom::compress::text {
namespace {

constexpr std::string_view kMiddle = " lines begin with: ";
constexpr std::string_view kMiddleButSome = " lines, but not those behind ~, begin with: ";
constexpr std::string_view kHandle = "<<ccr:";
constexpr char kAsItIs = '~';

constexpr std::size_t kFewestLines = 6;
constexpr std::size_t kMostBytes = 1U << 18U;  // of a text whose lines are sorted
constexpr std::size_t kShortest = 7;           // bytes of a beginning
constexpr std::size_t kLongest = 160;
constexpr std::size_t kSharePercent = 70;
constexpr std::size_t kWorthPercent = 4;  // of the text that must be saved

using Lines = std::vector<std::string_view>;

std::size_t same(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

bool is_gap(std::string_view line) {
  return line.starts_with("<<") && line.size() > 2 && line[2] >= '0' && line[2] <= '9';
}

/// Names where lines come from, as "==4711==", "npm error" or "web-1  |" do: a word without a path, or two without
/// digits. Times, places, owners and other facts of a line's own stay whole.
bool is_tag(std::string_view front) {
  if (front.ends_with('|')) front = base::trim(front.substr(0, front.size() - 1));
  const auto blanks = std::ranges::count(front, ' ');
  const bool digits = std::ranges::any_of(front, [](char c) { return c >= '0' && c <= '9'; });
  const bool letters = std::ranges::any_of(front, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
  const bool path = front.find('/') != std::string_view::npos && !front.starts_with('[');
  const bool rights = front.find("r-") != std::string_view::npos || front.find("rw") != std::string_view::npos;
  if (front.empty() || front.front() == ' ' || front.front() == '\t' || path || rights) return false;
  return blanks == 0 ? letters || front.starts_with("==") : blanks == 1 && letters && !digits;
}

/// The longest beginning that enough lines share.
std::string_view longest_front(const Lines& lines, std::size_t enough) {
  Lines sorted = lines;
  for (std::string_view& line : sorted) line = line.substr(0, kLongest);
  std::ranges::sort(sorted);
  std::string_view best;
  for (std::size_t i = 0; i + enough <= sorted.size(); ++i) {
    const std::size_t n = same(sorted[i], sorted[i + enough - 1]);
    if (n > best.size()) best = sorted[i].substr(0, n);
  }
  return best;
}

/// As many neighbours begin alike as must where so many lines do; quicker to see than to sort them.
bool neighbours_agree(const Lines& lines) {
  std::size_t agree = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string_view line = lines[i], above = lines[i - 1];
    agree += line.size() >= kShortest && above.size() >= kShortest && line[0] == above[0] &&
             line.substr(1, kShortest - 1) == above.substr(1, kShortest - 1);
  }
  return agree * 100 + 100 >= lines.size() * (2 * kSharePercent - 100);
}

/// What so many lines begin with, in whole words; empty: nothing that is worth it.
std::string_view find_head(const Lines& lines) {
  const std::size_t enough = std::max(kFewestLines, lines.size() * kSharePercent / 100);
  if (lines.size() < enough || !neighbours_agree(lines)) return {};
  std::string_view front = longest_front(lines, enough);
  while (!front.empty()) {
    front = front.substr(0, front.find(">>"));
    const std::size_t blank = front.find_last_of(" \t");
    if (blank == std::string_view::npos) break;
    front = front.substr(0, front.find_last_not_of(" \t", blank) + 1);
    if (front.size() < kShortest) break;
    if (is_tag(front)) return front;
  }
  return {};
}

struct Body {
  Lines lines;
  std::string_view handle;  ///< what stands below them
};

Body cut(std::string_view text) {
  Body body;
  body.lines = base::split_lines(text);
  if (!body.lines.empty() && body.lines.back().starts_with(kHandle)) {
    body.handle = text.substr(static_cast<std::size_t>(body.lines.back().data() - text.data()));
    body.lines.pop_back();
  }
  return body;
}

}  // namespace

std::optional<std::string> fold_common_head(std::string_view text) {
  if (text.size() > kMostBytes) return std::nullopt;
  const Body body = cut(text);
  Lines plain;
  for (std::string_view line : body.lines) {
    if (is_gap(line)) continue;
    if (line.starts_with(kLineHeadOpen) || line.starts_with(kHandle)) return std::nullopt;
    if (!line.empty()) plain.push_back(line);
  }
  const std::string_view head = find_head(plain);
  if (head.empty()) return std::nullopt;
  std::string out;
  std::size_t with = 0;
  bool some_without = false;
  for (std::string_view line : body.lines) {
    if (is_gap(line)) {
      out.append(line).push_back('\n');
      continue;
    }
    if (!line.starts_with(head)) {
      some_without = true;
      out.append(1, kAsItIs).append(line).push_back('\n');
      continue;
    }
    const std::size_t at = out.size();
    out.append(line.substr(head.size()));
    const std::string_view left = std::string_view(out).substr(at);
    if (left.starts_with(kAsItIs) || is_gap(left)) return std::nullopt;
    out.push_back('\n');
    ++with;
  }
  if (with < kFewestLines) return std::nullopt;
  out = line_head(body.lines.size(), some_without ? kMiddleButSome : kMiddle, head) + out;
  out += body.handle;
  if (body.handle.empty() && !text.ends_with('\n')) out.pop_back();
  if (out.size() * 100 > text.size() * (100 - kWorthPercent)) return std::nullopt;
  return out;
}

std::string expand_common_head(std::string_view folded) {
  const Body body = cut(folded);
  if (body.lines.empty()) return std::string(folded);
  auto opening = read_line_head(body.lines.front(), kMiddleButSome);
  if (!opening) opening = read_line_head(body.lines.front(), kMiddle);
  if (!opening || opening->lines != body.lines.size() - 1) return std::string(folded);
  std::string out;
  for (std::string_view line : std::span(body.lines).subspan(1)) {
    if (is_gap(line)) {
      out.append(line);
    } else if (line.starts_with(kAsItIs)) {
      out.append(line.substr(1));
    } else {
      out.append(opening->shared).append(line);
    }
    out.push_back('\n');
  }
  out += body.handle;
  if (body.handle.empty() && !folded.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace headroom::compress::text
