#pragma once

#include <cstddef>
#include <cstdint>

namespace headroom::tokens {

/// What the pre-tokenizers need to know of a code point: one bit each, so that a set is a mask.
using ClassSet = std::uint8_t;
inline constexpr ClassSet kUpper = 1;     ///< \p{Lu} \p{Lt}
inline constexpr ClassSet kLower = 2;     ///< \p{Ll}
inline constexpr ClassSet kCaseless = 4;  ///< \p{Lm} \p{Lo}
inline constexpr ClassSet kMark = 8;      ///< \p{M}
inline constexpr ClassSet kNumber = 16;   ///< \p{N}
inline constexpr ClassSet kSpace = 32;    ///< \s but CR and LF
inline constexpr ClassSet kNewline = 64;  ///< CR and LF
inline constexpr ClassSet kOther = 128;   ///< everything else, and each byte that is not part of valid UTF-8

inline constexpr ClassSet kLetter = kUpper | kLower | kCaseless;
inline constexpr ClassSet kAnySpace = kSpace | kNewline;

/// Layout of the packed table: `kClassBlocks` block numbers, then blocks of `kClassBlockSize` classes; block 0 is
/// first.
inline constexpr std::size_t kClassBlockSize = 128;
inline constexpr std::size_t kClassBlocks = 0x110000 / kClassBlockSize;

/// A character as the pre-tokenizer sees it.
struct Char {
  ClassSet set;
  std::uint8_t length;  ///< bytes, 1..4
};

/// Code point classes, from a table in the read-only image. A view; thread-safe.
class CharClasses {
 public:
  explicit CharClasses(const unsigned char* image)
      : block_numbers_(reinterpret_cast<const std::uint16_t*>(image)), blocks_(image + 2 * kClassBlocks) {}

  /// Class of an ASCII byte; `byte` must be below 0x80.
  ClassSet ascii(unsigned char byte) const { return blocks_[byte]; }

  ClassSet of(char32_t point) const {
    return blocks_[block_numbers_[point / kClassBlockSize] * kClassBlockSize + point % kClassBlockSize];
  }

  /// The character at `at` (at < end). A byte that starts no valid UTF-8 sequence is a kOther character of one byte.
  Char read(const char* at, const char* end) const {
    const auto lead = static_cast<unsigned char>(*at);
    return lead < 0x80 ? Char{blocks_[lead], 1} : read_wide(at, end);
  }

 private:
  Char read_wide(const char* at, const char* end) const;

  const std::uint16_t* block_numbers_;
  const unsigned char* blocks_;
};

}  // namespace headroom::tokens
