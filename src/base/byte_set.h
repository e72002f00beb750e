#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace headroom::base {

/// Some bytes, to look for in texts: a table instead of a search in a string for each byte. Made at compile time.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes) in_[static_cast<unsigned char>(c)] = true;
  }

  constexpr bool has(char c) const { return in_[static_cast<unsigned char>(c)]; }

  /// Where the first byte of the set stands; npos without one.
  constexpr std::size_t first_in(std::string_view text, std::size_t from = 0) const {
    for (std::size_t at = from; at < text.size(); ++at) {
      if (has(text[at])) return at;
    }
    return std::string_view::npos;
  }

  constexpr bool any_in(std::string_view text) const { return first_in(text) != std::string_view::npos; }

 private:
  std::array<bool, 256> in_{};
};

}  // namespace headroom::base
