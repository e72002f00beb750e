#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokens/merge.h"
#include "tokens/rank_table.h"

namespace headroom::tokens {

/// The pieces of one text that took a merge and may come again: words, names, paths. Holds no bytes, only where in the
/// text each was last seen, so it must not outlive the text. Touches no memory before the first put().
class SeenPieces {
 public:
  /// Tokens of an earlier piece with the same bytes; 0: not known.
  std::size_t find(const char* piece, std::size_t length) const {
    if (!in_use_ || length < 8) return 0;
    const Entry& entry = entries_[slot(piece, length)];
    return entry.length == length && same_bytes(entry.piece, piece, length) ? entry.tokens : 0;
  }

  void put(const char* piece, std::size_t length, std::size_t tokens) {
    if (length < 8 || length > kLongest) return;
    if (!in_use_) {
      in_use_ = true;
      for (Entry& entry : entries_) entry.length = 0;
    }
    entries_[slot(piece, length)] = {piece, static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(tokens)};
  }

 private:
  struct Entry {
    const char* piece;
    std::uint32_t length, tokens;
  };
  static constexpr int kBits = 10;
  static constexpr std::size_t kLongest = 4096;

  static std::size_t slot(const char* piece, std::size_t length) {
    const std::uint64_t ends = load_word(piece) + length + 3 * load_word(piece + length - 8);
    return (ends * 0x9e3779b97f4a7c15) >> (64 - kBits);
  }

  bool in_use_ = false;
  Entry entries_[std::size_t{1} << kBits];
};

/// A rank table and the pattern that cuts text into pieces. A view; thread-safe.
template <typename Splitter>
class Vocabulary {
 public:
  Vocabulary(RankTable ranks, Splitter splitter) : ranks_(ranks), splitter_(splitter) {}

  /// Calls visit(piece, tokens) for each piece of `text`, in order.
  template <typename Visit>
  void count_pieces(std::string_view text, Visit visit) const {
    SeenPieces seen;
    const char* end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
      const char* next = splitter_.split(at, end);
      const auto length = static_cast<std::size_t>(next - at);
      const bool is_token = length == 1 || find(at, length, end) != kNoRank;
      visit(std::string_view(at, length), is_token ? 1 : merged_tokens(at, length, seen));
      at = next;
    }
  }

  /// Appends the ids of `text`.
  void encode(std::string_view text, std::vector<std::uint32_t>& ids) const {
    const char* end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
      const char* next = splitter_.split(at, end);
      const auto length = static_cast<std::size_t>(next - at);
      if (const std::uint32_t whole = find(at, length, end); whole != kNoRank) {
        ids.push_back(whole);
      } else {
        merge_piece(ranks_, at, length, &ids);
      }
      at = next;
    }
  }

  const RankTable& ranks() const { return ranks_; }

 private:
  std::size_t merged_tokens(const char* piece, std::size_t length, SeenPieces& seen) const {
    if (const std::size_t known = seen.find(piece, length); known != 0) return known;
    const std::size_t tokens = merge_piece(ranks_, piece, length);
    seen.put(piece, length, tokens);
    return tokens;
  }

  /// RankTable::find for a piece of a text that goes on to `end`: one load where that stays inside the text.
  std::uint32_t find(const char* at, std::size_t length, const char* end) const {
    if (length > 8) return ranks_.find_long(at, length);
    if (end - at < 8) return ranks_.find(at, length);
    return ranks_.find_short(load_word(at) & (~std::uint64_t{0} >> (64 - 8 * length)), length);
  }

  RankTable ranks_;
  Splitter splitter_;
};

}  // namespace headroom::tokens
