#include "compress/text/clean.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::text {
namespace {

constexpr std::size_t kLongestState = 400;
constexpr char kEscape = '\x1B';

/// One past the escape sequence at `at`.
std::size_t sequence_end(std::string_view line, std::size_t at) {
  ++at;
  if (at >= line.size()) return at;
  if (line[at] == '[') {
    ++at;
    while (at < line.size() && (line[at] < 0x40 || line[at] > 0x7E)) ++at;
    return std::min(at + 1, line.size());
  }
  if (line[at] == ']' || line[at] == 'P' || line[at] == '_' || line[at] == '^') {
    for (++at; at < line.size(); ++at) {
      if (line[at] == '\a') return at + 1;
      if (line[at] == kEscape) return std::min(at + 2, line.size());
    }
    return at;
  }
  while (at < line.size() && line[at] >= 0x20 && line[at] <= 0x2F) ++at;
  return std::min(at + 1, line.size());
}

/// Without escape sequences; "N\bN" (bold) and "_\bN" (underlined) become N.
std::string without_escapes(std::string_view line, std::size_t& count) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == kEscape) {
      at = sequence_end(line, at);
      ++count;
    } else if (line[at] == '\b' && !out.empty() && at + 1 < line.size() && line[at + 1] != '\b') {
      while (out.size() > 1 && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U) out.pop_back();
      out.pop_back();
      ++at;
      ++count;
    } else {
      out.push_back(line[at++]);
    }
  }
  return out;
}

bool tells_problem(std::string_view state) {
  return base::contains_ci(state, "error") || base::contains_ci(state, "fail") || base::contains_ci(state, "warn") ||
         base::contains_ci(state, "fatal");
}

/// What the line shows in the end, when its parts are states of one progress display; the line itself otherwise.
std::string_view last_state(std::string_view line, std::size_t& count) {
  const bool ends = line.ends_with('\r');
  const std::string_view all = ends ? line.substr(0, line.size() - 1) : line;
  if (all.find('\r') == std::string_view::npos) return line;
  std::string_view last;
  std::string_view previous;
  std::size_t states = 0;
  std::size_t alike = 0;
  for (std::size_t at = 0; at <= all.size();) {
    const std::size_t end = std::min(all.find('\r', at), all.size());
    const std::string_view state = all.substr(at, end - at);
    at = end + 1;
    if (base::trim(state).empty()) continue;
    if (state.size() > kLongestState || state.find("</") != std::string_view::npos) return line;  // a page, a document
    if (!last.empty() && tells_problem(last)) return line;
    const auto [a, b] = std::ranges::mismatch(state, previous);
    alike += (a - state.begin()) >= 4 || state.find('%') != std::string_view::npos;
    ++states;
    previous = last = state;
  }
  if (states < 2 || (alike + 1) * 10 < states * 6) return line;
  count += states - 1;
  return last;
}

std::size_t trailing_space(std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \t");
  return line.size() - (end == std::string_view::npos ? 0 : end + 1);
}

}  // namespace

Cleaned clean(std::string_view text) {
  Cleaned out;
  const bool escapes = text.find(kEscape) != std::string_view::npos || text.find('\b') != std::string_view::npos;
  const bool returns = text.find('\r') != std::string_view::npos;
  const std::vector<std::string_view> lines = base::split_lines(text);
  std::size_t padding = 0;
  for (std::string_view line : lines) padding += trailing_space(line);
  // One or two blanks at an end are nothing, and in Markdown they are a line break.
  const bool padded = padding * 10 > text.size() && padding > 8 * lines.size();
  if (!escapes && !returns && !padded) return out;
  out.text.reserve(text.size());
  for (std::string_view line : lines) {
    std::string_view state = returns ? last_state(line, out.states) : line;
    std::string plain;
    if (escapes) state = plain = without_escapes(state, out.escapes);
    if (padded) {
      const std::size_t spaces = trailing_space(state);
      out.spaces += spaces;
      state.remove_suffix(spaces);
    }
    out.text.append(state).push_back('\n');
  }
  // A last line of which nothing is left is still a line.
  const bool last_is_empty = out.text == "\n" || out.text.ends_with("\n\n");
  if (!text.ends_with('\n') && !out.text.empty() && !last_is_empty) out.text.pop_back();
  return out;
}

std::string clean_text(const Cleaned& cleaned) {
  std::string out;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, what);
  };
  add(cleaned.escapes, "escape codes");
  add(cleaned.states, "overwritten progress states");
  add(cleaned.spaces, "blanks at line ends");
  return out + " taken out";
}

}  // namespace headroom::compress::text
