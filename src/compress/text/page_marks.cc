#include "compress/text/page_marks.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::text {
namespace {

constexpr std::string_view kReference = " [ref=";
constexpr std::string_view kPointer = " [cursor=pointer]";
constexpr std::size_t kLeastPercent = 6;  // of the text's bytes

/// The word behind "- ": what kind of node a line shows.
std::string_view role_of(std::string_view line) {
  const std::size_t dash = line.find_first_not_of(' ');
  if (dash == std::string_view::npos || !line.substr(dash).starts_with("- ")) return {};
  std::size_t end = dash + 2;
  while (end < line.size() && line[end] >= 'a' && line[end] <= 'z') ++end;
  return line.substr(dash + 2, end - dash - 2);
}

bool holds_others(std::string_view role) {
  static constexpr std::array<std::string_view, 16> kRoles = {
      "generic", "list",     "listitem", "paragraph", "text",    "navigation",    "banner",    "contentinfo",
      "main",    "rowgroup", "group",    "region",    "article", "complementary", "separator", "strong"};
  return std::ranges::find(kRoles, role) != kRoles.end();
}

bool always_has_pointer(std::string_view role) {
  static constexpr std::array<std::string_view, 8> kRoles = {"link",     "button", "checkbox", "radio",
                                                             "combobox", "tab",    "menuitem", "switch"};
  return std::ranges::find(kRoles, role) != kRoles.end();
}

/// Where a mark of the node stands; npos: nowhere. Marks stand behind the node's name, which may hold the same text.
std::size_t mark_at(std::string_view line, std::string_view mark) {
  const std::size_t name_end = line.rfind('"');
  return line.find(mark, name_end == std::string_view::npos ? 0 : name_end);
}

}  // namespace

std::optional<Unmarked> without_marks(std::string_view text) {
  Unmarked out;
  out.text.reserve(text.size());
  std::size_t references = 0, pointers = 0;
  for (std::string_view line : base::split_lines(text)) {
    const std::string_view role = role_of(line);
    const std::size_t pointer = role.empty() ? std::string_view::npos : mark_at(line, kPointer);
    std::size_t at = std::string_view::npos, size = 0;
    if (pointer != std::string_view::npos && always_has_pointer(role)) {
      at = pointer;
      size = kPointer.size();
      ++pointers;
    } else if (pointer == std::string_view::npos && holds_others(role)) {
      // What a node says may stand behind its marks: "- paragraph [ref=e28]: Five digits are needed."
      at = line.find(kReference);
      const std::size_t close = line.find(']', at);
      if (at != std::string_view::npos && close != std::string_view::npos) {
        size = close + 1 - at;
        ++references;
      }
    }
    if (size == 0) {
      out.text.append(line);
    } else {
      out.text.append(line.substr(0, at)).append(line.substr(at + size));
    }
    out.text.push_back('\n');
  }
  if (!text.ends_with('\n') && !out.text.empty()) out.text.pop_back();
  if ((text.size() - std::min(text.size(), out.text.size())) * 100 < text.size() * kLeastPercent) return std::nullopt;
  if (references > 0) out.what = fmt::format("references of {} nodes that only hold others", references);
  if (pointers > 0)
    out.what += fmt::format("{}{} pointers of links and buttons", out.what.empty() ? "" : " and ", pointers);
  out.what += " taken out";
  return out;
}

}  // namespace headroom::compress::text
