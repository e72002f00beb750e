#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokens/merge.h"
#include "tokens/piece_memo.h"
#include "tokens/rank_table.h"

namespace headroom::tokens {

/// A rank table and the pattern that cuts text into pieces. A view; thread-safe.
template <typename Splitter>
class Vocabulary {
 public:
  Vocabulary(RankTable ranks, Splitter splitter) : ranks_(ranks), splitter_(splitter) {}

  /// The sum of weigh(piece, tokens) over the pieces of `text`. `weigh` is asked once for pieces that are alike,
  /// mostly.
  template <typename Weigh>
  std::uint64_t weigh_pieces(std::string_view text, Weigh weigh) const {
    const char* at = text.data();
    const char* end = at + text.size();
    std::uint64_t total = 0;
    if (text.size() >= kLargeMemoText) {
      total = weigh_with_memo<LargePieceMemo>(at, end, weigh);
    } else if (text.size() >= kSmallMemoText) {
      total = weigh_with_memo<SmallPieceMemo>(at, end, weigh);
    }
    while (at < end) {
      const char* next = splitter_.split(at, end);
      total += weigh_piece(at, static_cast<std::size_t>(next - at), weigh);
      at = next;
    }
    return total;
  }

  /// Appends the ids of `text`.
  void encode(std::string_view text, std::vector<std::uint32_t>& ids) const {
    const char* end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
      const char* next = splitter_.split(at, end);
      const auto length = static_cast<std::size_t>(next - at);
      if (const std::uint32_t whole = ranks_.find(at, length); whole != kNoRank) {
        ids.push_back(whole);
      } else {
        merge_piece(ranks_, at, length, &ids);
      }
      at = next;
    }
  }

  const RankTable& ranks() const { return ranks_; }

 private:
  template <typename Weigh>
  [[gnu::noinline]] std::uint64_t weigh_piece(const char* at, std::size_t length, Weigh weigh) const {
    const bool is_token = length == 1 || ranks_.find(at, length) != kNoRank;
    return weigh(std::string_view(at, length), is_token ? 1 : merge_piece(ranks_, at, length));
  }

  /// The same where `key` holds the 1..8 bytes, zero-padded.
  template <typename Weigh>
  [[gnu::noinline]] std::uint64_t weigh_short(std::uint64_t key, const char* at, std::size_t length,
                                              Weigh weigh) const {
    const bool is_token = length == 1 || ranks_.find_short(key, length) != kNoRank;
    return weigh(std::string_view(at, length), is_token ? 1 : merge_piece(ranks_, at, length));
  }

  /// All pieces but those that start in the last bytes, where a word cannot be read whole; `begin` is then where they
  /// start.
  template <typename Memo, typename Weigh>
  std::uint64_t weigh_with_memo(const char*& begin, const char* end, Weigh weigh) const {
    Memo memo;
    std::uint64_t total = 0;
    const char* at = begin;
    while (end - at >= static_cast<std::ptrdiff_t>(sizeof(std::uint64_t))) {
      const std::uint64_t word = load_word(at);
      const char* next = splitter_.split(word, at, end);
      const auto length = static_cast<std::size_t>(next - at);
      if (length <= Memo::kShort) {
        const std::uint64_t key = word & (~std::uint64_t{0} >> (64 - 8 * length));
        total += memo.short_piece(key, length, [&] { return weigh_short(key, at, length, weigh); });
      } else {
        const auto own = [&] { return weigh_piece(at, length, weigh); };
        total += length <= Memo::kLong ? memo.long_piece(at, length, own) : own();
      }
      at = next;
    }
    begin = at;
    return total;
  }

  RankTable ranks_;
  Splitter splitter_;
};

}  // namespace headroom::tokens
