#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "tokens/merge_tree.h"
#include "tokens/token_trie.h"

namespace headroom::tokens {

static_assert(std::endian::native == std::endian::little, "the embedded tables are little-endian");

/// Start of a packed vocabulary. Offsets are bytes from this header; everything is 8-byte aligned. Written by
/// tools/ranks/pack_ranks.cc at build time and used in place, read-only, by RankTable.
struct RankTableHeader {
  std::uint32_t rank_count;    ///< ranks are 0 .. rank_count-1 (a gap has length 0)
  std::uint32_t max_length;    ///< bytes of the longest token
  std::uint32_t short_shift;   ///< 64 - log2(slots of the table of tokens of 1..8 bytes)
  std::uint32_t long_shift;    ///< 64 - log2(slots of the table of longer tokens)
  std::uint32_t filter_shift;  ///< 64 - log2(bits of the filter of joins)
  std::uint32_t join_shift;    ///< 64 - log2(slots of the table of joins)
  std::uint32_t shorts, tags, pairs, longs, starts, bytes, trie, halves, filter, joins;
};

/// A token of at most 8 bytes, its bytes inline, zero-padded; all 0 is an empty slot. Twelve bytes.
struct ShortSlot {
  std::uint32_t low, high;
  std::uint32_t length_and_rank;  ///< length << kRankBits | rank
};

inline bool has_key(const ShortSlot& slot, std::uint64_t key) {
  return (static_cast<std::uint64_t>(slot.high) << 32 | slot.low) == key;
}

/// A token of more than 8 bytes; length and rank 0 are an empty slot.
struct LongSlot {
  std::uint32_t tag;    ///< low half of the hash: a quick no
  std::uint32_t start;  ///< of its bytes
  std::uint32_t length_and_rank;
};

inline std::uint64_t load_word(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The first `length` (0..8) bytes at `at`, zero-padded. Reads nothing past them.
inline std::uint64_t load_partial(const char* at, std::size_t length) {
  if (length == 8) return load_word(at);
  if (length >= 4) {
    std::uint32_t low, high;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + length - 4, 4);
    return low | (static_cast<std::uint64_t>(high) << (8 * (length - 4)));
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < length; ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return word;
}

inline std::uint64_t short_hash(std::uint64_t key) {
  return (key ^ (key >> 29)) * 0x9e3779b97f4a7c15;
}

/// Never 0, which is the tag of an empty slot.
inline std::uint8_t short_tag(std::uint64_t hash) {
  return static_cast<std::uint8_t>((hash >> 32) | 1);
}

/// For 8 bytes and more.
inline std::uint64_t long_hash(const char* at, std::size_t length) {
  std::uint64_t hash = length * 0x9e3779b97f4a7c15;
  for (std::size_t i = 0; i + 8 < length; i += 8) {
    hash = (hash ^ load_word(at + i)) * 0xd6e8feb86659fd93;
    hash ^= hash >> 32;
  }
  hash = (hash ^ load_word(at + length - 8)) * 0xd6e8feb86659fd93;
  return hash ^ (hash >> 29);
}

/// True where `length` (8 and more) bytes are the same. Most tokens take two loads of each.
inline bool same_bytes(const char* a, const char* b, std::size_t length) {
  for (std::size_t i = 0; i + 8 < length; i += 8) {
    if (load_word(a + i) != load_word(b + i)) return false;
  }
  return load_word(a + length - 8) == load_word(b + length - 8);
}

/// A vocabulary in the read-only image. A view: copying is free, nothing is owned, all functions are thread-safe.
class RankTable {
 public:
  explicit RankTable(const unsigned char* image)
      : header_(reinterpret_cast<const RankTableHeader*>(image)),
        shorts_(at<ShortSlot>(header_->shorts)),
        tags_(at<std::uint8_t>(header_->tags)),
        pairs_(at<std::uint32_t>(header_->pairs)),
        longs_(at<LongSlot>(header_->longs)),
        starts_(at<std::uint32_t>(header_->starts)),
        bytes_(at<char>(header_->bytes)),
        trie_(at<TrieUnit>(header_->trie)),
        tree_(at<char>(header_->halves), at<std::uint64_t>(header_->filter), header_->filter_shift,
              at<std::uint32_t>(header_->joins), header_->join_shift),
        short_mask_((std::uint64_t{1} << (64 - header_->short_shift)) - 1),
        long_mask_((std::uint64_t{1} << (64 - header_->long_shift)) - 1),
        short_shift_(header_->short_shift),
        long_shift_(header_->long_shift),
        max_length_(header_->max_length) {}

  /// Rank of a token of 2 bytes, or kNoRank.
  std::uint32_t pair(unsigned char first, unsigned char second) const { return pairs_[first * 256u + second]; }

  /// Rank of the token with exactly these bytes (length >= 1), or kNoRank.
  std::uint32_t find(const char* at, std::size_t length) const {
    return length <= 8 ? find_short(load_partial(at, length), length) : find_long(at, length);
  }

  /// `key` holds the 1..8 bytes, zero-padded.
  std::uint32_t find_short(std::uint64_t key, std::size_t length) const {
    for (std::uint64_t slot = short_hash(key) >> short_shift_;; slot = (slot + 1) & short_mask_) {
      const ShortSlot& candidate = shorts_[slot];
      if (has_key(candidate, key) && candidate.length_and_rank >> kRankBits == length) {
        return candidate.length_and_rank & kRankMask;
      }
      if (candidate.length_and_rank == 0) return kNoRank;
    }
  }

  /// find_short() for a key that is more often no token than one: asks a table of one byte per slot first, which stays
  /// in the cache where the slots do not.
  std::uint32_t find_unlikely(std::uint64_t key, std::size_t length) const {
    const std::uint64_t hash = short_hash(key);
    const std::uint8_t tag = short_tag(hash);
    for (std::uint64_t slot = hash >> short_shift_; tags_[slot] != 0; slot = (slot + 1) & short_mask_) {
      if (tags_[slot] != tag || !has_key(shorts_[slot], key)) continue;
      if (shorts_[slot].length_and_rank >> kRankBits == length) return shorts_[slot].length_and_rank & kRankMask;
    }
    return kNoRank;
  }

  /// length > 8.
  std::uint32_t find_long(const char* at, std::size_t length) const {
    if (length > max_length_) return kNoRank;
    const std::uint64_t hash = long_hash(at, length);
    for (std::uint64_t slot = hash >> long_shift_;; slot = (slot + 1) & long_mask_) {
      const LongSlot& candidate = longs_[slot];
      if (candidate.tag == static_cast<std::uint32_t>(hash) && candidate.length_and_rank >> kRankBits == length &&
          same_bytes(bytes_ + candidate.start, at, length)) {
        return candidate.length_and_rank & kRankMask;
      }
      if (candidate.length_and_rank == 0) return kNoRank;
    }
  }

  /// Bytes of a token; empty for an unknown rank.
  std::string_view bytes(std::uint32_t rank) const {
    if (rank >= header_->rank_count) return {};
    return {bytes_ + starts_[rank], starts_[rank + 1] - starts_[rank]};
  }

  /// The tokens that merging makes.
  const TokenTrie& trie() const { return trie_; }

  /// How it makes them.
  const MergeTree& tree() const { return tree_; }

  std::uint32_t rank_count() const { return header_->rank_count; }

 private:
  template <typename T>
  const T* at(std::uint32_t offset) const {
    return reinterpret_cast<const T*>(reinterpret_cast<const unsigned char*>(header_) + offset);
  }

  const RankTableHeader* header_;
  const ShortSlot* shorts_;
  const std::uint8_t* tags_;
  const std::uint32_t* pairs_;
  const LongSlot* longs_;
  const std::uint32_t* starts_;
  const char* bytes_;
  TokenTrie trie_;
  MergeTree tree_;
  std::uint64_t short_mask_, long_mask_;
  std::uint32_t short_shift_, long_shift_, max_length_;
};

}  // namespace headroom::tokens
