#include "align/value_starts.h"

#include <cstring>

#include "base/sixteen_bytes.h"

namespace headroom::align {
namespace {

using base::SixteenBytes;

SixteenBytes bytes_at(const char* from) {
  SixteenBytes bytes;
  std::memcpy(&bytes, from, sizeof(bytes));
  return bytes;
}

auto is_digit(SixteenBytes bytes) {
  return bytes - '0' < 10;
}
auto is_alnum(SixteenBytes bytes) {
  return ((bytes | 0x20) - 'a' < 26) | is_digit(bytes);
}
auto is_hex(SixteenBytes bytes) {
  return ((bytes | 0x20) - 'a' < 6) | is_digit(bytes);
}

/// Marks of sixteen bytes from `at` on; two before them and one behind them are read, too.
auto starts_at(const char* at) {
  const SixteenBytes bytes = bytes_at(at), before = bytes_at(at - 1), second = bytes_at(at - 2),
                     next = bytes_at(at + 1);
  // A word in lower case behind another one and a space; not what a hexadecimal number or a drive may be.
  const auto plain = (before == ' ') & (bytes - 'a' < 26) & (is_alnum(second) | (second == ',') | (second == '.')) &
                     (next != ':') & ~(is_hex(bytes) & is_hex(next));
  const auto path = (bytes == '/') | (bytes == '%') | (bytes == '~') | (bytes == '\\');
  return (before == '\n') | path | (is_alnum(bytes) & ~is_alnum(before) & ~plain);
}

}  // namespace

std::size_t next_value_start(std::string_view text, std::size_t at) {
  if (at < 2) return at;
  for (; at + sizeof(SixteenBytes) < text.size(); at += sizeof(SixteenBytes)) {
    if (const std::size_t place = base::first_marked(starts_at(text.data() + at)); place < sizeof(SixteenBytes))
      return at + place;
  }
  return at;
}

}  // namespace headroom::align
