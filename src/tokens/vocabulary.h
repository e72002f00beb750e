#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokens/merge.h"
#include "tokens/rank_table.h"

namespace headroom::tokens {

/// A rank table and the pattern that cuts text into pieces. A view; thread-safe.
template <typename Splitter>
class Vocabulary {
 public:
  Vocabulary(RankTable ranks, Splitter splitter) : ranks_(ranks), splitter_(splitter) {}

  /// Calls visit(piece, tokens) for each piece of `text`, in order.
  template <typename Visit>
  void count_pieces(std::string_view text, Visit visit) const {
    const char* end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
      const char* next = splitter_.split(at, end);
      const auto length = static_cast<std::size_t>(next - at);
      const bool is_token = length == 1 || find(at, length, end) != kNoRank;
      visit(std::string_view(at, length), is_token ? 1 : merge_piece(ranks_, at, length));
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
