#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::config {

inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
inline bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
inline bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

/// What stands between any of the characters `at`, which is never empty.
inline std::vector<std::string_view> split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> out;
  for (std::size_t from = text.find_first_not_of(at); from < text.size();) {
    const std::size_t end = std::min(text.find_first_of(at, from), text.size());
    out.push_back(text.substr(from, end - from));
    from = text.find_first_not_of(at, end);
  }
  return out;
}

}  // namespace headroom::compress::config
