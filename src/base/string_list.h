#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headroom::base {

/// A list of up to 64 strings (for starts() and in(), of two bytes or more) that is looked through by first and second
/// bytes, so that a text which begins with none of them costs one look. Made at compile time.
template <std::size_t N>
class StringList {
 public:
  constexpr explicit StringList(const std::array<std::string_view, N>& strings) : strings_(strings) {
    static_assert(N <= 64);
    for (std::size_t i = 0; i < N; ++i) {
      by_first_[byte(strings[i][0])] |= std::uint64_t{1} << i;
      if (strings[i].size() > 1) by_second_[byte(strings[i][1])] |= std::uint64_t{1} << i;
    }
  }

  /// The text begins with one of them.
  bool starts(std::string_view text) const {
    if (text.size() < 2) return false;
    const std::uint64_t left = by_first_[byte(text[0])] & by_second_[byte(text[1])];
    return left != 0 && starts_with_one(text, left);
  }

  /// One of them stands somewhere in the text.
  bool in(std::string_view text) const {
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      const std::uint64_t left = by_first_[byte(text[at])] & by_second_[byte(text[at + 1])];
      if (left != 0 && starts_with_one(text.substr(at), left)) return true;
    }
    return false;
  }

  /// The text is one of them.
  bool has(std::string_view text) const {
    if (text.empty()) return false;
    for (std::uint64_t left = by_first_[byte(text[0])]; left != 0; left &= left - 1) {
      if (strings_[static_cast<std::size_t>(std::countr_zero(left))] == text) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t byte(char c) { return static_cast<unsigned char>(c); }

  /// Of those whose bits are set in `left`.
  bool starts_with_one(std::string_view text, std::uint64_t left) const {
    for (; left != 0; left &= left - 1) {
      if (text.starts_with(strings_[static_cast<std::size_t>(std::countr_zero(left))])) return true;
    }
    return false;
  }

  std::array<std::string_view, N> strings_;
  std::array<std::uint64_t, 256> by_first_{}, by_second_{};
};

}  // namespace headroom::base
