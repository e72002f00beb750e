#include "compress/json/text_order.h"

#include <algorithm>

namespace headroom::compress::json {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// The part from the first number on that a dot follows; for "lib3-1.2.0" that is "1.2.0".
std::string_view number_part(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) return text.substr(begin);
  }
  return {};
}

/// Takes the next number off the front; leading zeros do not count.
std::string_view take_number(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  std::string_view number = text.substr(0, end);
  text.remove_prefix(end);
  while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
  return number;
}

std::weak_ordering compare_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

/// What follows the numbers: nothing ranks above "-rc1" and below "+build", "p1", "_2".
int rank_of_rest(std::string_view rest) {
  if (rest.empty()) return 1;
  const bool early = rest.front() == '-' || rest.starts_with("rc") || rest.starts_with("a") || rest.starts_with("b") ||
                     rest.starts_with(".dev") || rest.starts_with("~");
  return early ? 0 : 2;
}

}  // namespace

bool is_version(std::string_view text) {
  if (text.size() < 3 || text.size() > 64 || text.find(' ') != std::string_view::npos) return false;
  const std::string_view numbers = number_part(text);
  if (numbers.empty()) return false;
  // Dates, addresses and paths are no versions.
  if (std::ranges::count(numbers, ':') > 0 || std::ranges::count(text, '/') > 1) return false;
  return std::ranges::count(numbers, '.') <= 4;
}

std::weak_ordering compare_versions(std::string_view a, std::string_view b) {
  a = number_part(a);
  b = number_part(b);
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      if (const auto order = compare_digits(take_number(a), take_number(b)); order != 0) return order;
      const bool more_a = a.size() > 1 && a.front() == '.' && is_digit(a[1]);
      const bool more_b = b.size() > 1 && b.front() == '.' && is_digit(b[1]);
      if (more_a && more_b) {
        a.remove_prefix(1);
        b.remove_prefix(1);
        continue;
      }
      if (more_a != more_b) return more_a ? std::weak_ordering::greater : std::weak_ordering::less;
      if (const int ra = rank_of_rest(a), rb = rank_of_rest(b); ra != rb) return ra <=> rb;
      continue;
    }
    if (a.front() != b.front()) return a.front() <=> b.front();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() <=> b.size();
}

std::weak_ordering compare_names(std::string_view a, std::string_view b) {
  while (!a.empty() && !is_letter(a.front()) && !is_digit(a.front()) && static_cast<unsigned char>(a.front()) < 0x80)
    a.remove_prefix(1);
  while (!b.empty() && !is_letter(b.front()) && !is_digit(b.front()) && static_cast<unsigned char>(b.front()) < 0x80)
    b.remove_prefix(1);
  for (std::size_t at = 0; at < std::min(a.size(), b.size()); ++at) {
    if (lower(a[at]) != lower(b[at])) {
      return static_cast<unsigned char>(lower(a[at])) <=> static_cast<unsigned char>(lower(b[at]));
    }
  }
  return a.size() <=> b.size();
}

std::size_t text_length(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace headroom::compress::json
