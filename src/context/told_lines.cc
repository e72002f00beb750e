#include "context/told_lines.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace headroom::context {
namespace {

/// "lines 4-9", "line 4": the numbers.
std::optional<std::pair<std::size_t, std::size_t>> read_range(std::string_view text) {
  const bool several = text.starts_with("lines ");
  if (!several && !text.starts_with("line ")) return std::nullopt;
  text.remove_prefix(text.find(' ') + 1);
  const char* const end = text.data() + text.size();
  std::size_t first = 0;
  auto read = std::from_chars(text.data(), end, first);
  std::size_t last = first;
  if (several) {
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '-') return std::nullopt;
    read = std::from_chars(read.ptr + 1, end, last);
  }
  if (read.ec != std::errc() || read.ptr != end || first == 0 || last < first) return std::nullopt;
  return std::pair{first, last};
}

/// The text begins with these lines, a line end after each.
bool begins_with(std::string_view text, std::span<const std::string_view> lines) {
  for (const std::string_view line : lines) {
    if (!text.starts_with(line) || !text.substr(line.size()).starts_with('\n')) return false;
    text.remove_prefix(line.size() + 1);
  }
  return true;
}

}  // namespace

std::string records_head(bool lines, std::size_t first, std::size_t last, std::string_view label) {
  const std::string_view unit = lines ? "line" : "item";
  return first == last ? fmt::format("{} {} of {}", unit, first, label)
                       : fmt::format("{}s {}-{} of {}", unit, first, last, label);
}

void mark_told_lines(std::string_view told, std::string_view label, std::span<const std::string_view> lines,
                     std::vector<std::uint8_t>& marks) {
  const std::string behind = fmt::format(" of {}:\n", label);
  for (std::size_t at = told.find(behind); at != std::string_view::npos; at = told.find(behind, at + 1)) {
    const std::size_t before = at == 0 ? std::string_view::npos : told.rfind('\n', at - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const auto range = read_range(told.substr(begin, at - begin));
    if (!range || range->second > lines.size()) continue;
    const std::size_t first = range->first - 1;
    if (!begins_with(told.substr(at + behind.size()), lines.subspan(first, range->second - first))) continue;
    std::fill(marks.begin() + static_cast<std::ptrdiff_t>(first),
              marks.begin() + static_cast<std::ptrdiff_t>(range->second), std::uint8_t{1});
  }
}

}  // namespace headroom::context
