#include "proxy/retrieval_counts.h"

namespace headroom::proxy {
namespace {

// Tools are named by clients: this many and no more; the rest is one.
constexpr std::size_t kMaxTools = 100;

}  // namespace

void RetrievalSum::add(const RetrievalSum& other) {
  calls += other.calls;
  hits += other.hits;
  tokens += other.tokens;
  us += other.us;
}

void RetrievalCounts::note(const Retrieved& retrieved, std::int64_t us) {
  const RetrievalSum one{1, retrieved.hit ? 1 : 0, static_cast<std::int64_t>(retrieved.tokens), us};
  const std::lock_guard lock(mutex_);
  sums_.all.add(one);
  if (!retrieved.hit) return;
  const bool known = sums_.by_tool.size() < kMaxTools || sums_.by_tool.contains(retrieved.tool_name);
  sums_.by_tool[known ? retrieved.tool_name : std::string("(others)")].add(one);
  sums_.by_type[retrieved.content_type].add(one);
}

void RetrievalCounts::note_round(bool first, bool failed) {
  const std::lock_guard lock(mutex_);
  sums_.answers += first ? 1 : 0;
  ++sums_.rounds;
  sums_.failed += failed ? 1 : 0;
}

RetrievalCounts::Sums RetrievalCounts::sums() const {
  const std::lock_guard lock(mutex_);
  return sums_;
}

}  // namespace headroom::proxy
