#include "tokens/char_class.h"

namespace headroom::tokens {
namespace {

constexpr Char kInvalid{kOther, 1};

bool is_continuation(unsigned char byte) {
  return (byte & 0xc0) == 0x80;
}

}  // namespace

Char CharClasses::read_wide(const char* at, const char* end) const {
  const auto* byte = reinterpret_cast<const unsigned char*>(at);
  const auto left = end - at;
  const unsigned lead = byte[0];
  if (lead < 0xe0) {
    if (lead < 0xc2 || left < 2 || !is_continuation(byte[1])) return kInvalid;
    return {of(((lead & 0x1f) << 6) | (byte[1] & 0x3fu)), 2};
  }
  if (lead < 0xf0) {
    if (left < 3 || !is_continuation(byte[1]) || !is_continuation(byte[2])) return kInvalid;
    const char32_t point = ((lead & 0x0f) << 12) | ((byte[1] & 0x3fu) << 6) | (byte[2] & 0x3fu);
    if (point < 0x800 || (point >= 0xd800 && point < 0xe000)) return kInvalid;
    return {of(point), 3};
  }
  if (lead > 0xf4 || left < 4 || !is_continuation(byte[1]) || !is_continuation(byte[2]) || !is_continuation(byte[3])) {
    return kInvalid;
  }
  const char32_t point =
      ((lead & 0x07) << 18) | ((byte[1] & 0x3fu) << 12) | ((byte[2] & 0x3fu) << 6) | (byte[3] & 0x3fu);
  if (point < 0x10000 || point > 0x10ffff) return kInvalid;
  return {of(point), 4};
}

}  // namespace headroom::tokens
