#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headroom::compress::json {

/// Which two characters words begin with, as a quick test before the words themselves. Letters are taken without their
/// case, all digits for one, and all bytes outside ASCII.
class LetterPairs {
 public:
  constexpr void add(char first, char second) {
    pairs_[static_cast<std::size_t>(code(first) << 5 | code(second))] = true;
  }

  constexpr bool has(char first, char second) const {
    return pairs_[static_cast<std::size_t>(code(first) << 5 | code(second))];
  }

  /// True where one of the pairs stands anywhere in the text.
  bool any_in(std::string_view text) const {
    std::size_t pair = 0;
    for (const char c : text) {
      pair = (pair << 5 | code(c)) & (kPairs - 1);
      if (pairs_[pair]) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kPairs = 1024;

  static constexpr std::array<std::uint8_t, 256> kCodes = [] {
    std::array<std::uint8_t, 256> codes{};
    for (unsigned c = 0; c < codes.size(); ++c) {
      const unsigned low = c >= 'A' && c <= 'Z' ? c + 32 : c;
      if (low >= 'a' && low <= 'z') codes[c] = static_cast<std::uint8_t>(low - 'a' + 1);
      if (c >= '0' && c <= '9') codes[c] = 27;
      if (c >= 0x80) codes[c] = 28;
    }
    return codes;
  }();

  static constexpr unsigned code(char c) { return kCodes[static_cast<unsigned char>(c)]; }

  std::array<bool, kPairs> pairs_{};
};

}  // namespace headroom::compress::json
