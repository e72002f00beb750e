#include "detect/command_frame.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kMostLines = 8;      // on either side
constexpr std::size_t kLongestLine = 200;  // bytes

/// "exit code 1", "exited with code 0", "Exit Code: (none)": how the command ended.
bool tells_end(std::string_view line) {
  return base::contains_ci(line, "exit code") || base::contains_ci(line, "exited with code") ||
         base::contains_ci(line, "exit status");
}

/// "Wall time: 0.1 seconds", "Background PIDs: (none)".
bool is_fact(std::string_view line) {
  static constexpr std::size_t kLongestKey = 32;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > kLongestKey) return false;
  return std::ranges::all_of(line.substr(0, colon), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == ' ' || c == '_' || c == '-';
  });
}

bool in_brackets(std::string_view line) {
  return line.size() > 2 && line.front() == '[' && line.back() == ']';
}

/// Behind a line "Output:" that follows facts of the run; 0 where there is none.
std::size_t printed_from(std::string_view text) {
  bool ended = false;
  std::size_t at = 0;
  for (std::size_t line = 0; line <= kMostLines && at < text.size(); ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos || end - at > kLongestLine) return 0;
    const std::string_view said = base::trim(text.substr(at, end - at));
    at = end + 1;
    if (base::equals_ci(said, "output:") || base::equals_ci(said, "command output:")) return ended ? at : 0;
    if (!is_fact(said) && !tells_end(said) && !said.empty()) return 0;
    ended = ended || tells_end(said);
  }
  return 0;
}

/// Where the facts of the run begin at the end; the text's end where there are none.
std::size_t printed_to(std::string_view text, std::size_t begin) {
  std::size_t from = text.size();
  bool ended = false;
  std::size_t end = text.ends_with('\n') ? text.size() - 1 : text.size();
  for (std::size_t line = 0; line < kMostLines && end > begin; ++line) {
    const std::size_t window = std::max(begin, end - std::min(end, kLongestLine));
    const std::size_t at = text.substr(window, end - window).rfind('\n');
    if (at == std::string_view::npos) break;
    const std::size_t before = window + at;
    const std::string_view said = base::trim(text.substr(before + 1, end - before - 1));
    if (!in_brackets(said) && !is_fact(said)) break;
    ended = ended || tells_end(said);
    from = before + 1;
    end = before;
  }
  return ended ? from : text.size();
}

}  // namespace

CommandFrame command_frame(std::string_view text) {
  CommandFrame frame;
  frame.begin = printed_from(text);
  frame.end = printed_to(text, frame.begin);
  return frame;
}

}  // namespace headroom::detect
