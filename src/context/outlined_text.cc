#include "context/outlined_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/text.h"
#include "detect/gutter.h"

namespace headroom::context {
namespace {

/// Lines right above one that belong to what it says, where nothing is indented.
constexpr std::size_t kAbove = 2;
/// Lines behind one that do.
constexpr std::size_t kBelow = 2;
constexpr std::size_t kFarthestAbove = 400;
constexpr std::size_t kLongestItem = 40;
constexpr std::size_t kMostFields = 20;
constexpr std::size_t kLongestKey = 40;

std::size_t indent(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  return at == std::string_view::npos ? line.size() : at;
}

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// What stands before it in the line, or right behind it, says that the name is given here.
bool is_given_here(std::string_view line, std::size_t at, std::size_t size) {
  static constexpr std::array<std::string_view, 14> kHeads = {"def",    "class", "fn",     "func",      "function",
                                                              "struct", "enum",  "trait",  "interface", "impl",
                                                              "type",   "sub",   "module", "namespace"};
  const std::size_t behind = line.find_first_not_of(' ', at + size);
  // "name": {
  if (behind != std::string_view::npos && line.substr(behind).starts_with("\": ") && line.ends_with('{')) return true;
  const bool opens = std::string_view("{:([=>,|").contains(line.back());
  if (opens && (behind == std::string_view::npos || std::string_view("(=:<{").contains(line[behind]))) return true;
  const std::string_view before = base::trim(line.substr(0, at));
  const std::size_t blank = before.rfind(' ');
  return std::ranges::find(kHeads, before.substr(blank == std::string_view::npos ? 0 : blank + 1)) != kHeads.end();
}

}  // namespace

OutlinedText::OutlinedText(std::string_view text) : text_(text), lines_(base::split_lines(text)), bare_(lines_) {
  if (const auto numbered = detect::read_numbered(text)) {
    for (std::size_t i = 0; i < std::min(bare_.size(), numbered->gutters.size()); ++i) {
      bare_[i].remove_prefix(std::min<std::size_t>(bare_[i].size(), numbered->gutters[i]));
    }
  }
  headings_ = std::ranges::any_of(bare_, [](std::string_view line) { return line.starts_with("## "); });
}

bool OutlinedText::is_heading(std::string_view bare_line) const {
  static constexpr std::size_t kDeepest = 6;
  if (!headings_) return false;
  const std::size_t marks = bare_line.find_first_not_of('#');
  return marks != std::string_view::npos && marks > 0 && marks <= kDeepest && bare_line[marks] == ' ';
}

bool OutlinedText::defines(std::size_t line, std::string_view name) const {
  static constexpr std::array<std::string_view, 13> kNoHead = {
      "if", "for", "while", "switch", "return", "else", "elif", "catch", "with", "case", "try", "}", "match"};
  if (is_heading(bare_[line])) return true;
  std::size_t below = line + 1;
  while (below < bare_.size() && below < line + 3 && base::trim(bare_[below]).empty()) ++below;
  if (below >= bare_.size() || indent(bare_[below]) <= indent(bare_[line])) return false;
  std::string low(base::trim(bare_[line]));
  std::ranges::transform(low, low.begin(),
                         [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c); });
  const std::string_view first = std::string_view(low).substr(0, low.find_first_of(" \t("));
  for (const std::string_view word : {first, name}) {
    if (std::ranges::find(kNoHead, word) != kNoHead.end()) return false;
  }
  for (std::size_t at = low.find(name); at != std::string::npos; at = low.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool part = (at > 0 && word_byte(low[at - 1])) || (end < low.size() && word_byte(low[end]));
    if (!part && is_given_here(low, at, name.size())) return true;
  }
  return false;
}

std::vector<std::size_t> OutlinedText::above(std::size_t line) const {
  std::vector<std::size_t> found;
  for (std::size_t i = line > kAbove ? line - kAbove : 0; i < line; ++i) found.push_back(i);
  std::size_t own = indent(bare_[line]);
  bool closed = false;
  for (std::size_t i = line; i-- > 0 && line - i < kFarthestAbove;) {
    if (base::trim(bare_[i]).empty()) continue;
    if (is_heading(bare_[i])) {
      found.push_back(i);
      break;
    }
    const std::size_t here = indent(bare_[i]);
    if (here > own || (here == own && !closed)) continue;
    own = here;
    // "}) {" ends a head of several lines.
    closed = std::string_view(")}]").contains(bare_[i][here]);
    found.push_back(i);
  }
  return found;
}

std::optional<std::pair<std::size_t, std::size_t>> OutlinedText::fields_around(std::size_t line) const {
  const auto is_field = [&](std::size_t at) {
    const std::string_view text = bare_[at].substr(0, kLongestKey);
    return indent(bare_[at]) == indent(bare_[line]) && (text.contains(": ") || text.contains("="));
  };
  std::size_t first = line;
  std::size_t end = line;
  while (end < bare_.size() && end - line < kMostFields && is_field(end)) ++end;
  while (first > 0 && line - first < kMostFields && is_field(first - 1)) --first;
  const bool parted =
      (first == 0 || base::trim(bare_[first - 1]).empty()) && (end == bare_.size() || base::trim(bare_[end]).empty());
  if (!parted || end - first < 2 || end - first > kMostFields) return std::nullopt;
  return std::pair(first, end);
}

std::size_t OutlinedText::item_of(std::size_t line) const {
  if (const auto fields = fields_around(line)) return fields->first;
  for (std::size_t i = line + 1; i-- > 0 && line - i < kLongestItem;) {
    if (base::trim(bare_[i]).empty()) break;
    const std::size_t own = indent(bare_[i]);
    if (bare_[i].substr(own).starts_with("- ")) return i == line || own < indent(bare_[line]) ? i : line;
    if (own < indent(bare_[line]) && own == 0) break;
  }
  return line;
}

std::size_t OutlinedText::end_of(std::size_t line, std::size_t most) const {
  if (const auto fields = fields_around(line)) return std::min(most, fields->second);
  const bool section = is_heading(bare_[line]);
  const auto inside = [&](std::string_view other) {
    if (!section) return indent(other) > indent(bare_[line]);
    return !is_heading(other) || other.find(' ') > bare_[line].find(' ');
  };
  std::size_t end = line + 1;
  while (end < most && (base::trim(bare_[end]).empty() || inside(bare_[end]))) ++end;
  return std::min(most, std::max(end, line + 1 + kBelow));
}

}  // namespace headroom::context
