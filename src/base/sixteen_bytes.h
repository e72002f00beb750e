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

/// Of the first byte that a comparison marks: its place, or sixteen.
template <typename Marks>
std::size_t first_marked(const Marks& marks) {
  static_assert(std::endian::native == std::endian::little);
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), &marks, sizeof(marks));
  const auto place = [](std::uint64_t half) { return static_cast<std::size_t>(std::countr_zero(half)) / 8; };
  return halves[0] != 0 ? place(halves[0]) : 8 + place(halves[1]);
}

/// Where the first byte at or after `at` is that `found` marks, sixteen at a time; where fewer are left, their
/// beginning. `found` takes SixteenBytes and gives a comparison of them.
template <typename Found>
std::size_t skip_sixteens(std::string_view text, std::size_t at, Found&& found) {
  for (; at + sizeof(SixteenBytes) <= text.size(); at += sizeof(SixteenBytes)) {
    SixteenBytes bytes;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    if (const std::size_t place = first_marked(found(bytes)); place < sizeof(bytes)) return at + place;
  }
  return at;
}

}  // namespace headroom::base
