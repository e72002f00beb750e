#include "compress/log/findings.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "compress/log/place.h"

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kPlaceWithin = 6;  // lines below the head of a finding
constexpr std::uint32_t kLongest = 14;     // lines of a finding
constexpr std::size_t kLongestCode = 14;   // bytes
constexpr std::size_t kLongestName = 60;   // bytes
constexpr std::size_t kLongestLabel = 12;  // bytes of the word before a place: "Location:"

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// Without blanks and marks in front: ">> Issue: ..." begins with "Issue".
std::string_view said(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && std::string_view(" \t:>-").find(text[at]) != std::string_view::npos) ++at;
  text.remove_prefix(at);
  return base::trim(text);
}

/// "modernize-use-nodiscard" in "... [modernize-use-nodiscard]".
std::string_view check_name(std::string_view what) {
  if (!what.ends_with(']')) return {};
  const std::size_t open = what.rfind('[');
  if (open == std::string_view::npos || open == 0 || what[open - 1] != ' ') return {};
  const std::string_view name = what.substr(open + 1, what.size() - open - 2);
  const auto part = [](char c) {
    return letter(c) || digit(c) || std::string_view("-_./").find(c) != std::string_view::npos;
  };
  const bool named = name.size() >= 4 && name.size() <= kLongestName && std::ranges::all_of(name, part);
  return named && name.find_first_of("-.") != std::string_view::npos ? name : std::string_view();
}

/// Values that are quoted or counted tell no kinds apart.
std::uint64_t kind_of(std::string_view what) {
  if (const std::string_view code = code_of(what); !code.empty()) what = code;
  const bool is_code = code_of(what) == what;
  std::uint64_t hash = 0;
  for (std::size_t at = 0; at < what.size(); ++at) {
    char c = what[at];
    if (c == '`' || c == '"' || (c == '\'' && (at == 0 || !letter(what[at - 1])))) {
      const std::size_t close = what.find(c, at + 1);
      if (close != std::string_view::npos && close - at < 60) at = close;
      c = '`';
    } else if (digit(c) && !is_code) {
      c = '0';
    }
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  }
  return hash;
}

/// A line of nothing but a place, behind an arrow or a word: "  --> src/a.rs:7:9", "   Location: a.py:7:0".
std::string_view place_alone(const Document& document, const Line& line) {
  if (line.has(kBlank) || line.token_count > 3) return {};
  const std::string_view text = base::trim(line.text);
  if (text.starts_with("-->")) {
    return place_tokens(document, line) == line.token_count ? place_of(document, line) : std::string_view();
  }
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos || colon > kLongestLabel || !std::ranges::all_of(text.substr(0, colon), letter))
    return {};
  const std::string_view place = base::trim(text.substr(colon + 2));
  const std::size_t number = place.find(':');
  if (number == std::string_view::npos || number + 1 >= place.size() || !digit(place[number + 1])) return {};
  const std::size_t dot = place.substr(0, number).rfind('.');
  if (dot == std::string_view::npos || dot == 0 || number - dot > 6 || place.find(' ') != std::string_view::npos)
    return {};
  std::size_t end = number + 1;
  while (end < place.size() && digit(place[end])) ++end;
  return place.substr(0, end);
}

/// A remark on the finding above, which has places of its own.
bool is_remark(std::string_view what) {
  static constexpr std::array<std::string_view, 4> kRemarks = {"note:", "help:", "= note:", "= help:"};
  return std::ranges::any_of(kRemarks, [&](std::string_view word) { return what.starts_with(word); });
}

/// The line that says what was found at the place of line `at`; `at` itself: none does.
std::uint32_t head_above(const Document& document, std::uint32_t at) {
  const Line& place = document.lines[at];
  const bool arrow = base::trim(place.text).starts_with("-->");
  std::uint32_t head = at;
  for (std::uint32_t i = at; i-- > 0 && at - i <= kPlaceWithin;) {
    const Line& line = document.lines[i];
    if (line.has(kBlank) || line.token_count == 0) break;
    if (line.indent < place.indent) return i;
    if (arrow) break;
  }
  return head;
}

/// The end of what is shown below the place: the first blank line, but for one right below.
std::uint32_t end_of(const Document& document, std::uint32_t where) {
  const auto count = static_cast<std::uint32_t>(document.lines.size());
  std::uint32_t last = where;
  for (std::uint32_t i = where + 1; i < std::min(count, where + kLongest); ++i) {
    if (document.lines[i].has(kBlank)) {
      if (i > where + 1) break;
      continue;
    }
    last = i;
  }
  return last;
}

}  // namespace

std::string_view code_of(std::string_view what) {
  for (std::string_view level : {"error", "warning", "Error", "Warning"}) {
    if (what.starts_with(level)) what = said(what.substr(level.size()));
  }
  if (const std::size_t bracket = what.substr(0, kLongestLabel).find('['); bracket != std::string_view::npos)
    what.remove_prefix(bracket + 1);
  std::size_t end = 0;
  bool has_digit = false;
  while (end < what.size() && (letter(what[end]) || digit(what[end]))) has_digit |= digit(what[end++]);
  const bool ends = end == what.size() || std::string_view(": ]").find(what[end]) != std::string_view::npos;
  if (end < 2 || end > kLongestCode || !has_digit || !letter(what[0]) || !ends) return check_name(what);
  return what.substr(0, end);
}

std::vector<bool> repeated_lines(const Document& document, const std::vector<Finding>& findings) {
  std::vector<bool> out(document.lines.size(), false);
  std::set<std::uint64_t> seen;
  for (const Finding& f : findings) {
    const bool first = seen.insert(f.kind).second;
    if (first || f.head == f.where || f.what.starts_with("error") || f.what.starts_with("fatal")) continue;
    std::fill(out.begin() + f.head, out.begin() + f.last + 1, true);
  }
  return out;
}

std::vector<Finding> find_findings(const Document& document) {
  std::vector<Finding> out;
  if (document.timed) return out;
  const auto count = static_cast<std::uint32_t>(document.lines.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const Line& line = document.lines[i];
    if (line.has(kBlank) || line.has(kNote)) continue;
    Finding finding{i, i, i, {}, {}, 0};
    if (const std::string_view place = place_alone(document, line); !place.empty()) {
      finding.head = head_above(document, i);
      if (finding.head == i) continue;
      finding.what = said(document.lines[finding.head].text);
      finding.place = place;
    } else if (const std::uint32_t tokens = place_tokens(document, line); tokens > 0 && tokens < line.token_count) {
      const Token& next = document.tokens[line.first_token + tokens];
      finding.what = said(line.text.substr(next.begin));
      finding.place = place_of(document, line);
    }
    // "main.go:7 +0x1d" is a frame.
    if (finding.what.empty() || finding.what[0] == '+' || is_remark(finding.what)) continue;
    finding.kind = kind_of(finding.what);
    finding.last = end_of(document, i);
    if (!out.empty() && out.back().last >= finding.head) out.back().last = std::max(out.back().where, finding.head - 1);
    out.push_back(finding);
  }
  return out;
}

}  // namespace headroom::compress::log
