#include "detect/gutter.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace headroom::detect {
namespace {

/// The number of a line and how many bytes stand before its text; 0 bytes: no number. `tight`: no blank belongs to a
/// colon, as the text of some line follows at once.
std::uint32_t gutter_of(std::string_view line, std::size_t& number, bool tight = false) {
  std::size_t at = line.find_first_not_of(' ');
  if (at == std::string_view::npos || at > 9) return 0;
  const std::size_t digits = at;
  number = 0;
  while (at < line.size() && at - digits < 8 && std::isdigit(static_cast<unsigned char>(line[at])) != 0) {
    number = number * 10 + static_cast<std::size_t>(line[at++] - '0');
  }
  if (at == digits) return 0;
  const std::string_view rest = line.substr(at);
  // "12:30" is a time.
  if (rest.size() > 1 && rest.front() == ':' && std::isdigit(static_cast<unsigned char>(rest[1])) != 0) return 0;
  if (rest.starts_with(':') && (tight || !rest.starts_with(": "))) return static_cast<std::uint32_t>(at + 1);
  for (std::string_view sign : {std::string_view("\xE2\x86\x92"), std::string_view("\t"), std::string_view("|"),
                                std::string_view(": "), std::string_view(" | ")}) {
    if (rest.starts_with(sign)) return static_cast<std::uint32_t>(at + sign.size());
  }
  // A blank line: nothing behind the number.
  return rest.empty() || rest == " |" ? static_cast<std::uint32_t>(line.size()) : 0;
}

/// "12:text": the colon stands tight at the text of some line, so that a blank behind it is of the text. Looks at the
/// first lines.
bool colons_are_tight(std::string_view text) {
  static constexpr std::size_t kLines = 64;
  for (std::size_t line = 0, at = 0; line < kLines && at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t colon = text.find(':', at);
    if (colon + 1 < end && text[colon + 1] != ' ') {
      std::size_t number = 0;
      if (gutter_of(text.substr(at, end - at), number, true) == colon + 1 - at) return true;
    }
    at = end + 1;
  }
  return false;
}

/// A file of one line or two, the first of which is no entry of a table: "1<TAB>{...", as minified files are shown.
bool is_long_first_line(const std::vector<std::string_view>& lines) {
  static constexpr std::size_t kLong = 300;
  std::size_t number = 0;
  const std::uint32_t gutter = lines.empty() ? 0 : gutter_of(lines.front(), number);
  if (gutter == 0 || number != 1 || lines.front().size() < kLong) return false;
  const char first = gutter < lines.front().size() ? lines.front()[gutter] : ' ';
  return first == '{' || first == '[' || first == '<';
}

}  // namespace

std::optional<NumberedText> read_numbered(std::string_view text) {
  static constexpr std::size_t kFewest = 3;
  static constexpr std::size_t kTail = 3;
  std::size_t first = 0;
  if (gutter_of(text.substr(0, text.find('\n')), first) == 0) return std::nullopt;  // most texts: not split for it
  const std::vector<std::string_view> lines = base::split_lines(text);
  if (lines.size() < kFewest && !is_long_first_line(lines)) return std::nullopt;
  const bool tight = colons_are_tight(text);
  NumberedText out;
  out.text.reserve(text.size());
  std::size_t expected = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::size_t number = 0;
    std::uint32_t gutter = gutter_of(lines[i], number, tight);
    if (i == 0) out.first_number = expected = number;
    if (gutter == 0 || number != expected) {
      if (i < std::min(kFewest, lines.size()) || i + kTail < lines.size()) return std::nullopt;
      gutter = 0;
      expected = 0;  // no line after it has a number
    } else {
      ++expected;
    }
    out.gutters.push_back(gutter);
    out.text.append(lines[i].substr(gutter)).push_back('\n');
  }
  if (!text.ends_with('\n')) out.text.pop_back();
  return out;
}

std::vector<LineRun> numbered_runs(std::string_view text) {
  static constexpr std::size_t kFewest = 8;
  static constexpr std::size_t kMostRuns = 256;
  static constexpr std::size_t kHead = 16;  // lines before the first
  std::vector<LineRun> runs;
  std::size_t covered = 0, begin = 0, lines = 0, expected = 0, line = 0;
  const auto close = [&](std::size_t end) {
    if (lines >= kFewest) {
      runs.push_back({begin, end});
      covered += end - begin;
    }
    lines = 0;
  };
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::size_t number = 0;
    const bool numbered = gutter_of(text.substr(at, end - at), number) > 0;
    if (line == 0 && numbered) return {};
    if (!numbered || number != expected || lines == 0) {
      close(at);
      if (runs.empty() && line > kHead) return {};
      if (runs.size() == kMostRuns) return {};
      begin = at;
    }
    if (numbered) {
      ++lines;
      expected = number + 1;
    }
    at = end + 1;
  }
  close(text.size());
  if (covered * 4 < text.size() * 3) runs.clear();
  return runs;
}

}  // namespace headroom::detect
