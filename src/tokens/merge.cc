#include "tokens/merge.h"

#include <memory>

#include "tokens/long_merge.h"
#include "tokens/short_merge.h"

namespace headroom::tokens {
namespace {

/// Finds the tokens of a piece from its start, longest first, without merging. A sequence of tokens that merging makes
/// is what merging the piece gives if, and only if, each two neighbours stay apart. So the tokens up to a position are
/// the only ones that can lead there: a position that turns out to lead nowhere is not tried again.
class Search {
 public:
  struct Step {
    std::uint32_t id, start;
    bool is_longest;  ///< no longer token starts here
  };

  /// `steps` and `dead_ends` have room for a step a byte and, all 0, a bit a byte and one more.
  Search(const RankTable& ranks, const char* piece, std::size_t length, Step* steps, std::uint64_t* dead_ends)
      : trie_(ranks.trie()),
        tree_(ranks.tree()),
        piece_(piece),
        length_(length),
        steps_(steps),
        dead_ends_(dead_ends) {}

  /// The number of tokens; 0 where the piece takes more effort than merging it would.
  std::size_t run() {
    std::size_t at = 0, room = length_;
    while (at < length_) {
      const std::size_t step = longest_step(at, room);
      if (step > 0) {
        at += step;
        room = length_ - at;
        if (at > furthest_) {
          budget_ += kEffort * static_cast<std::ptrdiff_t>(at - furthest_);
          furthest_ = at;
        }
        continue;
      }
      if (count_ == 0 || budget_ < 0) return 0;
      dead_ends_[at / 64] |= std::uint64_t{1} << (at % 64);
      const std::size_t last = steps_[--count_].start;
      room = at - last - 1;
      at = last;
    }
    return count_;
  }

 private:
  /// Steps in the trie that a byte may take, and what another check of neighbours counts as. Text takes about two.
  static constexpr std::ptrdiff_t kEffort = 6;
  static constexpr std::ptrdiff_t kCheck = 4;

  /// Adds the longest token of up to `room` bytes that may stand at `at`; its length. 0: there is none, or the budget
  /// is spent.
  std::size_t longest_step(std::size_t at, std::size_t room) {
    Match matches[kLongestToken];
    const char* start = piece_ + at;
    std::size_t count = trie_.matches(start, start + room, matches);
    if (count == 0) return 0;
    budget_ -= static_cast<std::ptrdiff_t>(matches[count - 1].length);
    bool is_longest = room == length_ - at;
    for (; count > 0 && budget_ >= 0; is_longest = false) {
      const Match match = matches[--count];
      const std::size_t end = at + match.length;
      if (dead_ends_[end / 64] >> (end % 64) & 1) continue;
      const std::uint32_t id = trie_.id(match.unit);
      if (count_ == 0 || tree_.stay_apart(steps_[count_ - 1].id, id, !steps_[count_ - 1].is_longest)) {
        steps_[count_++] = {id, static_cast<std::uint32_t>(at), is_longest};
        return match.length;
      }
      budget_ -= kCheck;
    }
    return 0;
  }

  const TokenTrie& trie_;
  const MergeTree& tree_;
  const char* piece_;
  std::size_t length_;
  Step* steps_;
  std::uint64_t* dead_ends_;
  std::size_t count_ = 0;
  std::size_t furthest_ = 0;
  std::ptrdiff_t budget_ = 1024;
};

/// Runs the search where its `steps` lie, appending them to `ids`; true where it came to an end.
std::size_t search(const RankTable& ranks, const char* piece, std::size_t length, Search::Step* steps,
                   std::uint64_t* dead_ends, std::vector<std::uint32_t>* ids) {
  const std::size_t count = Search(ranks, piece, length, steps, dead_ends).run();
  if (ids != nullptr) {
    for (std::size_t i = 0; i < count; ++i) ids->push_back(steps[i].id);
  }
  return count;
}

bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

}  // namespace

std::size_t merge_piece(const RankTable& ranks, const char* piece, std::size_t length,
                        std::vector<std::uint32_t>* ids) {
  if (length <= kShortMerge && (length <= 8 || is_ascii(piece[length - 1]))) {
    ShortMerge merge(ranks, piece, length);
    merge.run();
    if (ids != nullptr) {
      for (std::size_t i = 0; i < merge.parts(); ++i) ids->push_back(ranks.find(merge.part(i), merge.part_length(i)));
    }
    return merge.parts();
  }
  std::size_t count = 0;
  if (length <= kShortPiece) {
    Search::Step steps[kShortPiece];
    std::uint64_t dead_ends[kShortPiece / 64 + 1] = {};
    count = search(ranks, piece, length, steps, dead_ends, ids);
  } else {
    const auto steps = std::make_unique_for_overwrite<Search::Step[]>(length);
    const auto dead_ends = std::make_unique<std::uint64_t[]>(length / 64 + 1);
    count = search(ranks, piece, length, steps.get(), dead_ends.get(), ids);
  }
  return count > 0 ? count : merge_long_piece(ranks, piece, length, ids);
}

}  // namespace headroom::tokens
