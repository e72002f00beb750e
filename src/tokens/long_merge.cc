#include "tokens/long_merge.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace headroom::tokens {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;

/// Open pairs by rank: one queue of positions per rank, and the lowest rank that has any. A position may be in several
/// queues, or twice in one; the owner knows which entry still holds.
class PairQueues {
 public:
  explicit PairQueues(std::size_t expected) : slots_(256, kNone) { entries_.reserve(expected); }

  void push(std::uint32_t rank, std::uint32_t at) {
    if (last_ == kNone || queues_[last_].rank != rank) last_ = queue_of(rank);
    Queue& queue = queues_[last_];
    const auto entry = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({at, kNone});
    if (queue.first == kNone) {
      queue.first = entry;
      queue.is_sorted = true;
      waiting_.push(static_cast<std::uint64_t>(rank) << 32 | last_);
    } else {
      if (entries_[queue.last].at > at) queue.is_sorted = false;
      entries_[queue.last].next = entry;
    }
    queue.last = entry;
  }

  /// The lowest rank with open pairs; kNoRank: none is left.
  std::uint32_t lowest() const { return waiting_.empty() ? kNoRank : static_cast<std::uint32_t>(waiting_.top() >> 32); }

  /// Empties the queue of the lowest rank into `positions`, in order.
  void pop(std::vector<std::uint32_t>& positions) {
    Queue& queue = queues_[static_cast<std::uint32_t>(waiting_.top())];
    waiting_.pop();
    positions.clear();
    for (std::uint32_t entry = queue.first; entry != kNone; entry = entries_[entry].next) {
      positions.push_back(entries_[entry].at);
    }
    if (!queue.is_sorted) std::sort(positions.begin(), positions.end());
    queue.first = kNone;
  }

 private:
  struct Entry {
    std::uint32_t at, next;
  };
  struct Queue {
    std::uint32_t rank, first, last;
    bool is_sorted;
  };

  std::uint32_t slot_of(std::uint32_t rank) const {
    const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
    std::uint32_t slot = (rank * 0x9e3779b1u >> 8) & mask;
    while (slots_[slot] != kNone && queues_[slots_[slot]].rank != rank) slot = (slot + 1) & mask;
    return slot;
  }

  std::uint32_t queue_of(std::uint32_t rank) {
    std::uint32_t slot = slot_of(rank);
    if (slots_[slot] != kNone) return slots_[slot];
    if (queues_.size() * 2 >= slots_.size()) {
      slots_.assign(slots_.size() * 4, kNone);
      for (std::uint32_t i = 0; i < queues_.size(); ++i) slots_[slot_of(queues_[i].rank)] = i;
      slot = slot_of(rank);
    }
    slots_[slot] = static_cast<std::uint32_t>(queues_.size());
    queues_.push_back({rank, kNone, kNone, true});
    return slots_[slot];
  }

  std::vector<Entry> entries_;
  std::vector<Queue> queues_;
  std::vector<std::uint32_t> slots_;  ///< open addressing: rank -> index of its queue
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>>
      waiting_;  ///< rank, index of its queue
  std::uint32_t last_ = kNone;
};

/// The parts are a linked list over byte positions. All pairs of a rank are joined, left to right, before the next rank
/// is looked at: the same order as always taking the lowest, because a join never opens a pair of its own rank (the new
/// token is longer). Should it open one of a lower rank, that goes first.
class LongMerge {
 public:
  LongMerge(const RankTable& ranks, const char* piece, std::size_t length)
      : tree_(ranks.tree()), length_(static_cast<std::uint32_t>(length)), nodes_(length), queues_(length) {
    for (std::uint32_t i = 0; i < length_; ++i) {
      nodes_[i] = {i - 1, i + 1, kNoRank, ranks.find(piece + i, 1)};
    }
    for (std::uint32_t i = 0; i < length_; ++i) reopen(i);
  }

  void run() {
    std::vector<std::uint32_t> positions;
    for (std::uint32_t rank = queues_.lowest(); rank != kNoRank; rank = queues_.lowest()) {
      queues_.pop(positions);
      join_all(rank, positions);
    }
  }

  template <typename Visit>
  void for_each_part(Visit visit) const {
    for (std::uint32_t i = 0; i < length_; i = nodes_[i].next) visit(nodes_[i].id);
  }

 private:
  struct Node {
    std::uint32_t previous, next;  ///< starts of the neighbours; next == length_ at the end
    std::uint32_t joined;          ///< rank of this part joined with the next one
    std::uint32_t id;              ///< of this part
  };

  void open(std::uint32_t at, std::uint32_t rank) {
    nodes_[at].joined = rank;
    if (rank != kNoRank) queues_.push(rank, at);
  }

  void reopen(std::uint32_t at) {
    const std::uint32_t middle = nodes_[at].next;
    if (middle == length_) return open(at, kNoRank);
    open(at, tree_.join(nodes_[at].id, nodes_[middle].id));
  }

  void join_all(std::uint32_t rank, const std::vector<std::uint32_t>& positions) {
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const std::uint32_t at = positions[i];
      if (nodes_[at].joined != rank) continue;  // this part, or the next one, is already joined
      join(at);
      if (queues_.lowest() < rank) {
        for (++i; i < positions.size(); ++i) {
          if (nodes_[positions[i]].joined == rank) open(positions[i], rank);
        }
      }
    }
  }

  void join(std::uint32_t at) {
    Node& left = nodes_[at];
    const std::uint32_t gone = left.next;
    nodes_[gone].joined = kNoRank;
    left.id = left.joined;
    left.next = nodes_[gone].next;
    if (left.next < length_) nodes_[left.next].previous = at;
    if (at > 0) reopen(left.previous);
    reopen(at);
  }

  const MergeTree& tree_;
  std::uint32_t length_;
  std::vector<Node> nodes_;
  PairQueues queues_;
};

}  // namespace

std::size_t merge_long_piece(const RankTable& ranks, const char* piece, std::size_t length,
                             std::vector<std::uint32_t>* ids) {
  LongMerge merge(ranks, piece, length);
  merge.run();
  std::size_t count = 0;
  merge.for_each_part([&](std::uint32_t id) {
    ++count;
    if (ids != nullptr) ids->push_back(id);
  });
  return count;
}

}  // namespace headroom::tokens
