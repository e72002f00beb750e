#include "compress/search/path.h"

#include <algorithm>

namespace headroom::compress::search {
namespace {

constexpr std::size_t kLongestPath = 400;
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

bool is_path_like(std::string_view path) {
  if (path.empty() || path.size() > kLongestPath) return false;
  if (path.front() == ' ' || path.front() == '\t' || path.back() == ' ') return false;
  const bool folder = path.find_first_of("/\\") != std::string_view::npos;
  for (char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '<' || c == '>' || c == '|' || c == '*' || c == ';')
      return false;
    if (c == ' ' && !folder) return false;
  }
  if (path.find("://") != std::string_view::npos || path.find(": ") != std::string_view::npos) return false;
  if (folder) {
    // A sentence with a slash in it is no path.
    return std::ranges::count(path, ' ') <= 6 && path.find(", ") == std::string_view::npos;
  }
  const std::size_t dot = path.rfind('.');
  if (dot != std::string_view::npos) return dot + 1 < path.size() && path.size() - dot <= 16;
  return letter(path.front()) &&
         std::ranges::all_of(path, [](char c) { return letter(c) || digit(c) || c == '_' || c == '-'; });
}

std::string_view folder_of(std::string_view path) {
  const std::size_t at = path.find_last_of("/\\");
  return at == std::string_view::npos ? std::string_view() : path.substr(0, at + 1);
}

std::string_view common_folder(std::string_view a, std::string_view b) {
  const auto differ = std::ranges::mismatch(a, b);
  return folder_of(a.substr(0, static_cast<std::size_t>(differ.in1 - a.begin())));
}

}  // namespace headroom::compress::search
