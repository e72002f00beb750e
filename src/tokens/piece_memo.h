#pragma once

#include <cstddef>
#include <cstdint>

#include "tokens/rank_table.h"

namespace headroom::tokens {

/// What the pieces of one text weigh, for those that come again: signs, words, names. Small enough to stay in the
/// nearest caches, which the vocabulary does not. Of two pieces with one place the later stays. Holds the bytes of
/// short pieces and where in the text long ones were seen, so it must not outlive the text.
/// `kBits`: of the number of places for short pieces, 16 bytes each.
template <int kBits>
class PieceMemo {
 public:
  static constexpr std::size_t kShort = 8;    ///< longest of the short pieces, in bytes
  static constexpr std::size_t kLong = 4096;  ///< longest of the long ones; its weight fits in 32 bits

  /// The weight of a piece, which is `weigh()` where it is not known. `key`: its 1..kShort bytes, zero-padded.
  template <typename Weigh>
  std::uint64_t short_piece(std::uint64_t key, std::size_t length, Weigh weigh) {
    Short& entry = shorts_[key * kSpread >> (64 - kBits)];
    if (entry.key == key && entry.length == length) return entry.weight;
    entry = {key, static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(weigh())};
    return entry.weight;
  }

  /// The same for kShort < length <= kLong.
  template <typename Weigh>
  std::uint64_t long_piece(const char* piece, std::size_t length, Weigh weigh) {
    const std::uint64_t ends = load_word(piece) + length + 3 * load_word(piece + length - 8);
    Long& entry = longs_[ends * kSpread >> (64 - kLongBits)];
    if (entry.length == length && same_bytes(entry.piece, piece, length)) return entry.weight;
    entry = {piece, static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(weigh())};
    return entry.weight;
  }

 private:
  struct Short {
    std::uint64_t key = 0;
    std::uint32_t length = 0, weight = 0;  ///< length 0: empty
  };
  struct Long {
    const char* piece = nullptr;
    std::uint32_t length = 0, weight = 0;  ///< length 0: empty
  };
  static constexpr int kLongBits = 8;
  static constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15;

  Short shorts_[std::size_t{1} << kBits];
  Long longs_[std::size_t{1} << kLongBits];
};

/// Texts from this size on repeat themselves enough to pay for a memo.
using SmallPieceMemo = PieceMemo<9>;
inline constexpr std::size_t kSmallMemoText = 512;
using LargePieceMemo = PieceMemo<11>;
inline constexpr std::size_t kLargeMemoText = 16384;

}  // namespace headroom::tokens
