#include "detect/gutter.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace headroom::detect {
namespace {

/// The number of a line and how many bytes stand before its text; 0 bytes: no number.
std::uint32_t gutter_of(std::string_view line, std::size_t& number) {
  std::size_t at = line.find_first_not_of(' ');
  if (at == std::string_view::npos || at > 9) return 0;
  const std::size_t digits = at;
  number = 0;
  while (at < line.size() && at - digits < 8 && std::isdigit(static_cast<unsigned char>(line[at])) != 0) {
    number = number * 10 + static_cast<std::size_t>(line[at++] - '0');
  }
  if (at == digits) return 0;
  const std::string_view rest = line.substr(at);
  for (std::string_view sign : {std::string_view("\xE2\x86\x92"), std::string_view("\t"), std::string_view("|"),
                                std::string_view(": "), std::string_view(" | ")}) {
    if (rest.starts_with(sign)) return static_cast<std::uint32_t>(at + sign.size());
  }
  // A blank line: nothing behind the number.
  return rest.empty() || rest == ":" ? static_cast<std::uint32_t>(line.size()) : 0;
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
  NumberedText out;
  out.text.reserve(text.size());
  std::size_t expected = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::size_t number = 0;
    std::uint32_t gutter = gutter_of(lines[i], number);
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

}  // namespace headroom::detect
