#include "tokens/merge.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>

namespace headroom::tokens {
namespace {

/// The parts of a short piece, in order: where each starts and the rank of its bytes joined with the next part's.
class ShortMerge {
 public:
  ShortMerge(const RankTable& ranks, const char* piece, std::size_t length)
      : ranks_(ranks), piece_(piece), parts_(length) {
    for (std::size_t i = 0; i <= length; ++i) start_[i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = 0; i + 1 < length; ++i) {
      joined_[i] = ranks.pair(static_cast<unsigned char>(piece[i]), static_cast<unsigned char>(piece[i + 1]));
    }
    joined_[length - 1] = kNoRank;
  }

  void run() {
    while (parts_ > 1) {
      std::size_t best = 0;
      for (std::size_t i = 1; i + 1 < parts_; ++i) {
        if (joined_[i] < joined_[best]) best = i;
      }
      if (joined_[best] == kNoRank) return;
      join(best);
    }
  }

  std::size_t parts() const { return parts_; }
  const char* part(std::size_t i) const { return piece_ + start_[i]; }
  std::size_t part_length(std::size_t i) const { return start_[i + 1] - start_[i]; }

 private:
  void join(std::size_t i) {
    const std::size_t tail = parts_ - i - 2;
    std::memmove(&start_[i + 1], &start_[i + 2], (tail + 1) * sizeof start_[0]);
    std::memmove(&joined_[i + 1], &joined_[i + 2], tail * sizeof joined_[0]);
    --parts_;
    joined_[i] = joined_rank(i);
    if (i > 0) joined_[i - 1] = joined_rank(i - 1);
  }

  std::uint32_t joined_rank(std::size_t i) const {
    if (i + 1 >= parts_) return kNoRank;
    return ranks_.find(piece_ + start_[i], start_[i + 2] - start_[i]);
  }

  const RankTable& ranks_;
  const char* piece_;
  std::size_t parts_;
  std::uint32_t start_[kShortPiece + 1];
  std::uint32_t joined_[kShortPiece + 1];
};

/// A long piece: the parts are a linked list over byte positions, and the open pairs wait in one queue per rank. A
/// rank's pairs are all joined, left to right, before the next rank is looked at, which is the same order as always
/// taking the lowest, because a new pair is never of the rank being joined (it is a longer token); should it be of a
/// lower one, that one goes first.
class LongMerge {
 public:
  LongMerge(const RankTable& ranks, const char* piece, std::size_t length)
      : ranks_(ranks), piece_(piece), length_(static_cast<std::uint32_t>(length)), nodes_(length + 1) {
    for (std::uint32_t i = 0; i < length_; ++i) {
      nodes_[i] = {i == 0 ? 0 : i - 1, i + 1, kNoRank};
      if (i + 1 < length_) {
        open(i, ranks.pair(static_cast<unsigned char>(piece[i]), static_cast<unsigned char>(piece[i + 1])));
      }
    }
  }

  void run() {
    while (!waiting_.empty()) {
      const std::uint32_t rank = waiting_.top();
      waiting_.pop();
      std::vector<std::uint32_t> queue = std::move(queues_[rank]);
      queues_.erase(rank);
      if (!std::is_sorted(queue.begin(), queue.end())) std::sort(queue.begin(), queue.end());
      join_all(rank, queue);
    }
  }

  template <typename Visit>
  void for_each_part(Visit visit) const {
    for (std::uint32_t i = 0; i < length_; i = nodes_[i].next) visit(piece_ + i, nodes_[i].next - i);
  }

 private:
  struct Node {
    std::uint32_t previous, next;  ///< starts of the neighbours; next == length_ at the end
    std::uint32_t joined;          ///< rank of this part joined with the next one
  };

  void open(std::uint32_t at, std::uint32_t rank) {
    nodes_[at].joined = rank;
    if (rank == kNoRank) return;
    auto [entry, is_new] = queues_.try_emplace(rank);
    if (is_new) waiting_.push(rank);
    entry->second.push_back(at);
  }

  void reopen(std::uint32_t at) {
    const std::uint32_t middle = nodes_[at].next;
    open(at, middle == length_ ? kNoRank : ranks_.find(piece_ + at, nodes_[middle].next - at));
  }

  void join_all(std::uint32_t rank, const std::vector<std::uint32_t>& queue) {
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::uint32_t at = queue[i];
      if (nodes_[at].joined != rank) continue;  // its part, or its neighbour, is already joined
      join(at);
      if (!waiting_.empty() && waiting_.top() < rank) {
        for (++i; i < queue.size(); ++i) {
          if (nodes_[queue[i]].joined == rank) open(queue[i], rank);
        }
      }
    }
  }

  void join(std::uint32_t at) {
    Node& left = nodes_[at];
    const std::uint32_t gone = left.next;
    nodes_[gone].joined = kNoRank;
    left.next = nodes_[gone].next;
    if (left.next < length_) nodes_[left.next].previous = at;
    reopen(at);
    if (at > 0) reopen(left.previous);
  }

  const RankTable& ranks_;
  const char* piece_;
  std::uint32_t length_;
  std::vector<Node> nodes_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> queues_;
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> waiting_;
};

}  // namespace

std::size_t merge_piece(const RankTable& ranks, const char* piece, std::size_t length,
                        std::vector<std::uint32_t>* ids) {
  if (length <= kShortPiece) {
    ShortMerge merge(ranks, piece, length);
    merge.run();
    if (ids != nullptr) {
      for (std::size_t i = 0; i < merge.parts(); ++i) ids->push_back(ranks.find(merge.part(i), merge.part_length(i)));
    }
    return merge.parts();
  }
  LongMerge merge(ranks, piece, length);
  merge.run();
  std::size_t count = 0;
  merge.for_each_part([&](const char* part, std::size_t part_length) {
    ++count;
    if (ids != nullptr) ids->push_back(ranks.find(part, part_length));
  });
  return count;
}

}  // namespace headroom::tokens
