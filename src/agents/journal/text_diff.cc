#include <algorithm>

#include <fmt/format.h>

#include "agents/journal/journal.h"
#include "base/text.h"

namespace headroom::agents {
namespace {

constexpr std::size_t kContext = 2;

std::string lines_with(char mark, const std::vector<std::string_view>& lines, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) out += fmt::format("{}{}\n", mark, lines[i]);
  return out;
}

}  // namespace

// Edits of ours touch few lines, mostly in one place: what is the same before and behind them is enough to leave out.
std::string text_diff(std::string_view before, std::string_view after) {
  const auto old_lines = base::split_lines(before);
  const auto new_lines = base::split_lines(after);
  const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
  std::size_t head = 0;
  while (head < shorter && old_lines[head] == new_lines[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head && old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail])
    ++tail;
  if (head == old_lines.size() && head == new_lines.size()) return {};
  const std::size_t first = head - std::min(head, kContext);
  const std::size_t behind = std::min(tail, kContext);
  const std::size_t old_end = old_lines.size() - tail, new_end = new_lines.size() - tail;
  std::string out =
      fmt::format("@@ -{},{} +{},{} @@\n", first + 1, old_end + behind - first, first + 1, new_end + behind - first);
  out += lines_with(' ', old_lines, first, head);
  out += lines_with('-', old_lines, head, old_end);
  out += lines_with('+', new_lines, head, new_end);
  return out + lines_with(' ', old_lines, old_end, old_end + behind);
}

}  // namespace headroom::agents
