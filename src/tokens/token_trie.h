#pragma once

#include <cstddef>
#include <cstdint>

namespace headroom::tokens {

/// A unit of the packed trie, a double array: the child of a node by byte c is at `base ^ c`, and is there if its label
/// says so. A token that is also the start of longer ones has its id in a unit of its own, at `base ^ kEndLabel`.
///
///     bits 0..8    label: the byte, kEndLabel, or kEmptyLabel
///     bit 9        nothing follows: the rest is the token's id
///     bit 10       the bytes so far are a token
///     bits 11..31  base of the children, or the id
using TrieUnit = std::uint32_t;
inline constexpr TrieUnit kEndLabel = 0x100;
inline constexpr TrieUnit kEmptyLabel = 0x1ff;
inline constexpr TrieUnit kTrieLabelMask = 0x1ff;
inline constexpr TrieUnit kTrieLeaf = 1u << 9;
inline constexpr TrieUnit kTrieToken = 1u << 10;
inline constexpr int kTrieValueShift = 11;

/// No token is longer; pack_ranks.cc makes sure.
inline constexpr std::size_t kLongestToken = 255;

/// A token that a text starts with.
struct Match {
  std::uint32_t length;
  TrieUnit unit;
};

/// Tokens by their bytes, one step a byte. A view of the read-only image; thread-safe.
class TokenTrie {
 public:
  explicit TokenTrie(const TrieUnit* units) : units_(units) {}

  /// All tokens that start at `at` and end by `end`, shortest first, into `matches` (room for kLongestToken); how many.
  std::size_t matches(const char* at, const char* end, Match* matches) const {
    std::size_t count = 0;
    TrieUnit unit = units_[0];
    for (const char* next = at; next < end;) {
      const TrieUnit byte = static_cast<unsigned char>(*next);
      unit = units_[(unit >> kTrieValueShift) ^ byte];
      if ((unit & kTrieLabelMask) != byte) break;
      ++next;
      if (unit & kTrieToken) matches[count++] = {static_cast<std::uint32_t>(next - at), unit};
      if (unit & kTrieLeaf) break;
    }
    return count;
  }

  std::uint32_t id(TrieUnit unit) const {
    const TrieUnit end = unit & kTrieLeaf ? unit : units_[(unit >> kTrieValueShift) ^ kEndLabel];
    return end >> kTrieValueShift;
  }

 private:
  const TrieUnit* units_;
};

}  // namespace headroom::tokens
