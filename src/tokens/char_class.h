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

/// Layout of the packed table: 256 classes by first byte (0 for bytes outside ASCII), `kClassBlocks` 16-bit block
/// numbers, then blocks of `kClassBlockSize` classes.
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
      : lead_(image),
        block_numbers_(reinterpret_cast<const std::uint16_t*>(image + 256)),
        blocks_(image + 256 + 2 * kClassBlocks) {}

  /// Class of an ASCII byte; 0 for any other byte.
  ClassSet lead(char byte) const { return lead_[static_cast<unsigned char>(byte)]; }

  ClassSet of(char32_t point) const {
    return blocks_[block_numbers_[point / kClassBlockSize] * kClassBlockSize + point % kClassBlockSize];
  }

  /// The character at `at` (at < end). A byte that starts no valid UTF-8 sequence is a kOther character of one byte.
  Char read(const char* at, const char* end) const {
    const ClassSet set = lead(*at);
    return set != 0 ? Char{set, 1} : read_wide(at, end);
  }

 private:
  Char read_wide(const char* at, const char* end) const;

  const unsigned char* lead_;
  const std::uint16_t* block_numbers_;
  const unsigned char* blocks_;
};

}  // namespace headroom::tokens
