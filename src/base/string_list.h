#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headroom::base {

/// A list of up to 64 strings of two bytes or more that is looked through by first bytes, so that a text which begins
/// with none of them costs one look. Made at compile time.
template <std::size_t N>
class StringList {
 public:
  constexpr explicit StringList(const std::array<std::string_view, N>& strings) : strings_(strings) {
    static_assert(N <= 64);
    for (std::size_t i = 0; i < N; ++i) by_first_[static_cast<unsigned char>(strings[i][0])] |= std::uint64_t{1} << i;
  }

  /// The text begins with one of them.
  bool starts(std::string_view text) const {
    if (text.size() < 2) return false;
    for (std::uint64_t left = by_first_[static_cast<unsigned char>(text[0])]; left != 0; left &= left - 1) {
      const std::string_view string = strings_[static_cast<std::size_t>(std::countr_zero(left))];
      if (string[1] == text[1] && text.starts_with(string)) return true;
    }
    return false;
  }

  /// One of them stands somewhere in the text.
  bool in(std::string_view text) const {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (by_first_[static_cast<unsigned char>(text[at])] != 0 && starts(text.substr(at))) return true;
    }
    return false;
  }

  /// The text is one of them.
  bool has(std::string_view text) const {
    if (text.empty()) return false;
    for (std::uint64_t left = by_first_[static_cast<unsigned char>(text[0])]; left != 0; left &= left - 1) {
      if (strings_[static_cast<std::size_t>(std::countr_zero(left))] == text) return true;
    }
    return false;
  }

 private:
  std::array<std::string_view, N> strings_;
  std::array<std::uint64_t, 256> by_first_{};
};

}  // namespace headroom::base
