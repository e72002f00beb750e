#include "compress/marker.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::compress {
namespace {

constexpr std::string_view kHandleStart = "<<ccr:";

/// True where text goes on as one of our markers would behind its "<<".
bool opens_marker(std::string_view rest) {
  return rest.starts_with("ccr:") || (!rest.empty() && rest.front() >= '0' && rest.front() <= '9');
}

std::string cleaned(std::string_view what) {
  std::string out;
  out.reserve(what.size());
  for (std::size_t at = 0; at < what.size(); ++at) {
    const char c = what[at];
    const bool again = !out.empty() && out.back() == c;
    if (c == '\n' || c == '\r') {
      out.push_back(' ');
    } else if (again && (c == '>' || (c == '<' && opens_marker(what.substr(at + 1))))) {
      out.append({' ', c});
    } else {
      out.push_back(c);
    }
  }
  if (!out.empty() && out.back() == '>') out.push_back(' ');
  return out;
}

std::size_t hex_run(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || (text[end] >= 'a' && text[end] <= 'f'))) ++end;
  return end - at;
}

}  // namespace

std::string handle_marker(std::string_view id, std::string_view what) {
  return fmt::format("{}{} {}>>", kHandleStart, id, cleaned(what));
}

std::string gap_marker(std::size_t first, std::size_t last, std::string_view what) {
  std::string range = first == last ? fmt::format("<<{}", first) : fmt::format("<<{}-{}", first, last);
  if (!what.empty()) range += fmt::format(": {}", cleaned(what));
  return range + ">>";
}

std::vector<std::string> marker_ids(std::string_view text) {
  std::vector<std::string> ids;
  for (std::size_t at = text.find(kHandleStart); at != std::string_view::npos; at = text.find(kHandleStart, at)) {
    at += kHandleStart.size();
    const std::size_t length = hex_run(text, at);
    if (length < base::kMinIdPrefix || length > 64) continue;
    std::string id(text.substr(at, length));
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
  }
  return ids;
}

namespace {

/// What may stand between the start of a line and a gap: white space, and what opens a comment somewhere.
constexpr std::string_view kBeforeGap = " \t#/*<!-;%";

bool opens_line(std::string_view text, std::size_t at) {
  const std::size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  return text.substr(line, at - line).find_first_not_of(kBeforeGap) == std::string_view::npos;
}

/// A comment that begins just before `at`: "# ", "// ", "/* ", "-- ".
bool in_comment(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  return before.ends_with("# ") || before.ends_with("// ") || before.ends_with("/* ") || before.ends_with("-- ");
}

/// The gap marker at `at`, where "<<" stands; length 0 when it is none.
Gap gap_at(std::string_view text, std::size_t at) {
  Gap gap{.at = at};
  std::size_t next = at + 2;
  const auto number = [&](std::size_t& value) {
    const std::size_t from = next;
    while (next < text.size() && text[next] >= '0' && text[next] <= '9' && next - from < 12) {
      value = value * 10 + static_cast<std::size_t>(text[next++] - '0');
    }
    return next > from;
  };
  if (!number(gap.first)) return gap;
  gap.last = gap.first;
  if (next < text.size() && text[next] == '-') {
    ++next;
    gap.last = 0;
    if (!number(gap.last)) return gap;
  }
  const std::string_view rest = text.substr(next, text.substr(next).find('\n'));
  if (!rest.starts_with(": ") && !rest.starts_with(">>")) return gap;
  const std::size_t close = rest.find(">>");
  if (close != std::string_view::npos) gap.length = next + close + 2 - at;
  return gap;
}

}  // namespace

std::vector<Gap> find_gaps(std::string_view text) {
  std::vector<Gap> gaps;
  for (std::size_t at = text.find("<<"); at != std::string_view::npos; at = text.find("<<", at + 2)) {
    const Gap gap = gap_at(text, at);
    if (gap.length > 0 && (opens_line(text, at) || in_comment(text, at))) gaps.push_back(gap);
  }
  return gaps;
}

bool has_gap_line(std::string_view text) {
  return !find_gaps(text).empty();
}

bool has_marker(std::string_view text) {
  return !marker_ids(text).empty();
}

}  // namespace headroom::compress
