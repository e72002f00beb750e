#include "detect/path_shape.h"

#include <algorithm>
#include <array>

#include "base/byte_set.h"
#include "base/string_list.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kLongestPath = 400;
constexpr base::ByteSet kNotInPaths("\"<>|*;");
constexpr base::ByteSet kDotsAndSlashes("./\\");
constexpr std::size_t kMostDigits = 7;

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

std::size_t digits_end(std::string_view line, std::size_t at) {
  const std::size_t most = std::min(line.size(), at + kMostDigits);
  while (at < most && digit(line[at])) ++at;
  return at;
}

}  // namespace

Place first_place(std::string_view line) {
  const bool drive = line.size() > 2 && letter(line[0]) && line[1] == ':' && (line[2] == '\\' || line[2] == '/');
  const std::string_view head = line.substr(0, kLongestPath);
  for (std::size_t colon = head.find(':', drive ? 2 : 0); colon != std::string_view::npos;
       colon = head.find(':', colon + 1)) {
    const std::size_t end = digits_end(line, colon + 1);
    if (end > colon + 1 && end < line.size() && line[end] == ':' && colon > 0) return {colon, end + 1};
  }
  return {};
}

Place hit_place(std::string_view line) {
  const Place place = first_place(line);
  return place.path > 0 && is_path_like(line.substr(0, place.path)) ? place : Place{};
}

std::size_t number_prefix(std::string_view line) {
  const std::size_t end = digits_end(line, 0);
  if (end == 0 || end >= line.size()) return 0;
  return line[end] == ':' || line[end] == '-' || line[end] == '=' ? end + 1 : 0;
}

std::size_t numbers_prefix(std::string_view line) {
  if (const std::size_t one = number_prefix(line); one > 0) return one;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = digits_end(line, at);
    if (end == at || end >= line.size()) return 0;
    if (line[end] == ':') return end + 1;
    if (line[end] != ',') return 0;
    at = end + 1;
  }
}

bool is_path_like(std::string_view path) {
  if (path.empty() || path.size() > kLongestPath) return false;
  if (path.front() == ' ' || path.front() == '\t' || path.back() == ' ') return false;
  std::size_t blanks = 0;
  bool folder = false;
  for (std::size_t at = 0; at < path.size(); ++at) {
    const char c = path[at];
    if (static_cast<unsigned char>(c) < 0x20 || kNotInPaths.has(c)) return false;
    folder = folder || c == '/' || c == '\\';
    blanks += c == ' ';
    if (c == ':' && (path.substr(at + 1).starts_with("//") || path.substr(at + 1).starts_with(' '))) return false;
  }
  // A sentence with a slash in it is no path.
  if (folder) return blanks <= 6 && (blanks == 0 || path.find(", ") == std::string_view::npos);
  if (blanks > 0) return false;
  const std::size_t dot = path.rfind('.');
  if (dot != std::string_view::npos) return dot + 1 < path.size() && path.size() - dot <= 16;
  return letter(path.front()) &&
         std::ranges::all_of(path, [](char c) { return letter(c) || digit(c) || c == '_' || c == '-'; });
}

std::size_t numbered_row(std::string_view line) {
  std::size_t at = line.find_first_not_of(' ');
  if (at == std::string_view::npos || at > 8) return 0;
  if (line.substr(at).starts_with("Line ")) {
    at += 5;
  } else if (line[at] == 'L' && at + 1 < line.size() && digit(line[at + 1])) {
    ++at;
  }
  const std::size_t from = at;
  while (at < line.size() && digit(line[at]) && at - from < 8) ++at;
  if (at == from) return 0;
  if (at < line.size() && line[at] == ' ') ++at;
  if (at == line.size()) return 0;
  return line[at] == ':' || line[at] == '|' || line[at] == '-' || line[at] == '\t' ? at + 1 : 0;
}

std::string_view heading_path(std::string_view line) {
  static constexpr std::array<std::string_view, 4> kStarts = {"## ", "# ", "File: ", "==> "};
  for (const std::string_view start : kStarts) {
    if (line.starts_with(start)) line.remove_prefix(start.size());
  }
  if (line.ends_with(" <==")) line.remove_suffix(4);
  if (line.ends_with(':')) line.remove_suffix(1);
  return kDotsAndSlashes.any_in(line) && is_path_like(line) ? line : std::string_view();
}

std::size_t text_place(std::string_view line) {
  const bool drive = line.size() > 2 && line[1] == ':' && line[2] == '\\';
  const std::size_t colon = line.find(':', drive ? 2 : 0);
  if (colon == std::string_view::npos || colon == 0) return 0;
  const std::string_view path = line.substr(0, colon);
  return kDotsAndSlashes.any_in(path) && path.find(' ') == std::string_view::npos && is_path_like(path) ? colon : 0;
}

bool is_tool_note(std::string_view line) {
  static constexpr base::StringList kStarts(std::to_array<std::string_view>(
      {"grep: ", "egrep: ", "rg: ", "ag: ", "ack: ", "find: ", "ls: ", "tar: ", "fd: ", "du: ", "tree: ", "fatal: ",
       "error: ", "Binary file", "Found ", "No matches", "WARNING", "[fd error]"}));
  static constexpr base::StringList kParts(
      std::to_array<std::string_view>({"binary file matches", ": Permission denied", ": No such file or directory"}));
  if (kStarts.starts(line)) return true;
  return (line.starts_with("(") && line.ends_with(")")) || (line.starts_with("[") && line.ends_with("]")) ||
         kParts.in(line);
}

}  // namespace headroom::detect
