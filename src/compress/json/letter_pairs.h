#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headroom::compress::json {

/// Which two characters words begin with, as a quick test before the words themselves. Letters are taken without their
/// case, all digits for one, and all bytes outside ASCII. The words may belong to several sets, a bit each.
class LetterPairs {
 public:
  using Sets = std::uint8_t;

  constexpr void add(char first, char second, Sets sets = 1) { sets_[index(first, second)] |= sets; }

  constexpr bool has(char first, char second) const { return sets_[index(first, second)] != 0; }

  /// True where a pair of the sets stands anywhere in the text.
  bool any_in(std::string_view text, Sets sets = 1) const {
    std::size_t pair = 0;
    for (const char c : text) {
      pair = (pair << 5 | code(c)) & (kPairs - 1);
      if ((sets_[pair] & sets) != 0) return true;
    }
    return false;
  }

  /// The sets of which a pair stands in the text.
  Sets sets_in(std::string_view text) const {
    Sets found = 0;
    std::size_t pair = 0;
    for (const char c : text) {
      pair = (pair << 5 | code(c)) & (kPairs - 1);
      found |= sets_[pair];
    }
    return found;
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

  static constexpr std::size_t index(char first, char second) { return std::size_t{code(first)} << 5 | code(second); }

  std::array<Sets, kPairs> sets_{};
};

}  // namespace headroom::compress::json
