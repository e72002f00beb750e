#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace headroom::base {

/// Sixteen bytes that are compared at once: `bytes == '"'` has all bits of each byte that is a quote, none of the
/// others.
using SixteenBytes = unsigned char __attribute__((vector_size(16)));

/// Where the first byte at or after `at` is that `found` marks, sixteen at a time; where fewer are left, their
/// beginning. `found` takes SixteenBytes and gives a comparison of them.
template <typename Found>
std::size_t skip_sixteens(std::string_view text, std::size_t at, Found&& found) {
  static_assert(std::endian::native == std::endian::little);
  for (; at + sizeof(SixteenBytes) <= text.size(); at += sizeof(SixteenBytes)) {
    SixteenBytes bytes;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    const auto marks = found(bytes);
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), &marks, sizeof(marks));
    if (halves[0] != 0) return at + static_cast<std::size_t>(std::countr_zero(halves[0])) / 8;
    if (halves[1] != 0) return at + 8 + static_cast<std::size_t>(std::countr_zero(halves[1])) / 8;
  }
  return at;
}

}  // namespace headroom::base
