#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tokens/rank_table.h"

namespace headroom::tokens {

/// Longest piece, in bytes, that is merged in the plain way: up to here it reads less memory than a search.
inline constexpr std::size_t kShortMerge = 16;

/// The parts of a short piece, in order: where each starts and the rank of its bytes joined with the next part's.
class ShortMerge {
 public:
  ShortMerge(const RankTable& ranks, const char* piece, std::size_t length) : ranks_(ranks), parts_(length) {
    std::memcpy(text_, piece, length);
    for (std::size_t i = 0; i <= length; ++i) start_[i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = 0; i + 1 < length; ++i) {
      joined_[i] = ranks.pair(static_cast<unsigned char>(piece[i]), static_cast<unsigned char>(piece[i + 1]));
    }
    joined_[length - 1] = kNoRank;
  }

  void run() {
    while (parts_ > 1) {
      std::size_t best = 0;
      std::uint32_t lowest = joined_[0];
      for (std::size_t i = 1; i + 1 < parts_; ++i) {
        if (joined_[i] < lowest) {
          lowest = joined_[i];
          best = i;
        }
      }
      if (lowest == kNoRank) return;
      join(best);
    }
  }

  std::size_t parts() const { return parts_; }
  const char* part(std::size_t i) const { return text_ + start_[i]; }
  std::size_t part_length(std::size_t i) const { return start_[i + 1] - start_[i]; }

 private:
  void join(std::size_t i) {
    for (std::size_t k = i + 1; k < parts_; ++k) start_[k] = start_[k + 1];
    for (std::size_t k = i + 1; k + 1 < parts_; ++k) joined_[k] = joined_[k + 1];
    --parts_;
    joined_[i] = joined_rank(i);
    if (i > 0) joined_[i - 1] = joined_rank(i - 1);
  }

  std::uint32_t joined_rank(std::size_t i) const {
    if (i + 1 >= parts_) return kNoRank;
    const std::size_t length = start_[i + 2] - start_[i];
    const char* at = text_ + start_[i];
    if (length > 8) return ranks_.find_long(at, length);
    return ranks_.find_unlikely(load_word(at) & (~std::uint64_t{0} >> (64 - 8 * length)), length);
  }

  const RankTable& ranks_;
  std::size_t parts_;
  char text_[kShortMerge + 8];  ///< the piece, and room for reading a word at its last byte
  std::uint32_t start_[kShortMerge + 1];
  std::uint32_t joined_[kShortMerge + 1];
};

}  // namespace headroom::tokens
