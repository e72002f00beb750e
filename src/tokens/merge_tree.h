#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace headroom::tokens {

inline constexpr std::uint32_t kNoRank = 0xffffffff;

/// Ranks below are the single bytes.
inline constexpr std::uint32_t kByteTokens = 256;

/// The two tokens whose join makes a token when its own bytes are merged. Of a byte, and of a token that merging never
/// makes: itself, twice.
struct Halves {
  std::uint32_t left, right;
  bool left_joins;   ///< `left` is also the right half of some other token of no higher rank
  bool right_joins;  ///< `right` is also the left half of some token of a lower rank
};

/// Halves are packed into kHalvesBytes a rank, kRankBits for each and a bit for each flag, and end in padding for a
/// whole load of the last ones.
inline constexpr int kRankBits = 19;
inline constexpr std::uint32_t kRankMask = (1u << kRankBits) - 1;
inline constexpr std::size_t kHalvesBytes = 5;

/// A slot of the table of joins: the rank, and above it kTagBits of the hash; kEmptyJoin. Before it is asked, a filter
/// of a bit per hash answers most questions, for most pairs do not join.
inline constexpr std::uint32_t kEmptyJoin = 0xffffffff;
inline constexpr int kTagBits = 32 - kRankBits;

inline std::uint64_t join_hash(std::uint32_t left, std::uint32_t right) {
  return (static_cast<std::uint64_t>(left) << 32 | right) * 0x9e3779b97f4a7c15;
}

/// From bits of the hash that neither the slot nor the place in the filter depends on.
inline std::uint32_t join_tag(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> kTagBits) << kRankBits;
}

/// How tokens come about. Wherever a merge makes a token, it makes it from the same two halves: nothing outside its
/// bytes had a part in it, so it went as it would for these bytes alone. And halves have lower ranks than their join,
/// so ranks tell in which order joins happen (pack_ranks.cc checks that of a vocabulary). A view of the read-only
/// image; thread-safe.
class MergeTree {
 public:
  MergeTree(const char* halves, const std::uint64_t* filter, std::uint32_t filter_shift, const std::uint32_t* joins,
            std::uint32_t join_shift)
      : halves_(halves), filter_(filter), joins_(joins), filter_shift_(filter_shift), join_shift_(join_shift) {}

  Halves halves(std::uint32_t rank) const {
    std::uint64_t packed;
    std::memcpy(&packed, halves_ + kHalvesBytes * rank, sizeof packed);
    return {static_cast<std::uint32_t>(packed) & kRankMask, static_cast<std::uint32_t>(packed >> kRankBits) & kRankMask,
            (packed >> (2 * kRankBits) & 1) != 0, (packed >> (2 * kRankBits + 1) & 1) != 0};
  }

  /// Rank of the token that merging makes of these two; kNoRank where it never joins them.
  std::uint32_t join(std::uint32_t left, std::uint32_t right) const {
    const std::uint64_t hash = join_hash(left, right);
    const std::uint64_t bit = hash >> filter_shift_;
    if (!(filter_[bit / 64] >> (bit % 64) & 1)) return kNoRank;
    const std::uint64_t last_slot = (std::uint64_t{1} << (64 - join_shift_)) - 1;
    for (std::uint64_t slot = hash >> join_shift_;; slot = (slot + 1) & last_slot) {
      const std::uint32_t candidate = joins_[slot];
      if (candidate == kEmptyJoin) return kNoRank;
      if ((candidate & ~kRankMask) != join_tag(hash)) continue;
      const Halves made = halves(candidate & kRankMask);
      if (made.left == left && made.right == right) return candidate & kRankMask;
    }
  }

  /// True where the bytes of `left` and then `right` merge into just these two. Goes back through the merge, undoing
  /// the later of the last joins on either side: had the two parts that then met in the middle joined before one of
  /// them was joined away, `left` and `right` would not have come about. Equal ranks join left to right. `may_join`
  /// false: the caller knows that the two make no token.
  bool stay_apart(std::uint32_t left, std::uint32_t right, bool may_join) const {
    std::uint32_t before = kNoRank;  // a join in the middle of a lower rank than this came first
    bool left_joins = may_join, right_joins = may_join;
    for (bool first = true;; first = false) {
      if (left_joins && right_joins && join(left, right) < before) return false;
      if (first) left_joins = right_joins = true;
      if (left > right) {
        if (left < kByteTokens) return true;
        before = left;
        const Halves undone = halves(left);
        left = undone.right;
        left_joins = undone.right_joins;
      } else {
        if (right < kByteTokens) return true;
        before = std::min(before, right + 1);
        const Halves undone = halves(right);
        right = undone.left;
        right_joins = undone.left_joins;
      }
    }
  }

 private:
  const char* halves_;
  const std::uint64_t* filter_;
  const std::uint32_t* joins_;
  std::uint32_t filter_shift_, join_shift_;
};

}  // namespace headroom::tokens
