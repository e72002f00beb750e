#include "compress/log/facts.h"

#include <algorithm>

namespace headroom::compress::log {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_byte(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

}  // namespace

Fact read_fact(const Line& line) {
  std::string_view text = line.text.substr(std::min<std::size_t>(line.content + line.indent, line.text.size()));
  if (text.ends_with('\r')) text.remove_suffix(1);
  const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, is_name_byte) - text.begin());
  if (end < 2 || end + 1 >= text.size() || !is_letter(text[0])) return {};
  // "https://..." is a path.
  const bool parted = (text[end] == ':' || text[end] == '=') && text[end + 1] != '/';
  // "9f:ab:04:..." are bytes, and an address.
  if (parted && std::ranges::count(text, text[end]) > 2) return {};
  // "main.c:33" is a place.
  const bool place = parted && text[end] == ':' && text.substr(0, end).find('.') != std::string_view::npos;
  if (place) return {};
  if (!parted || text.find_first_of(" \t,;", end) != std::string_view::npos) return {};
  return {.name = text.substr(0, end), .value = text.substr(end + 1)};
}

std::string_view fact_name(const Line& line) {
  return read_fact(line).name;
}

}  // namespace headroom::compress::log
