#include "proxy/retrieval_counts.h"

#include <algorithm>
#include <string>

namespace headroom::proxy {
namespace {

// Tools are named by clients: this many and no more; the rest is one.
constexpr std::size_t kMaxTools = 100;

using Group = std::map<std::string, RetrievalSum, std::less<>>;

void add_to(Group& group, const std::string& name, const RetrievalSum& sum) {
  const bool known = group.size() < kMaxTools || group.contains(name);
  group[known ? name : std::string("(others)")].add(sum);
}

}  // namespace

void RetrievalSum::add(const RetrievalSum& other) {
  results += other.results;
  saved += other.saved;
  calls += other.calls;
  hits += other.hits;
  tokens += other.tokens;
  us += other.us;
}

void RetrievalCounts::note(const Retrieved& retrieved, std::string_view compressor, std::int64_t us) {
  RetrievalSum one;
  one.calls = 1;
  one.hits = retrieved.hit ? 1 : 0;
  one.tokens = static_cast<std::int64_t>(retrieved.tokens);
  one.us = us;
  const std::lock_guard lock(mutex_);
  sums_.all.add(one);
  if (!retrieved.hit) return;
  add_to(sums_.by_tool, retrieved.tool_name, one);
  add_to(sums_.by_type, retrieved.content_type, one);
  add_to(sums_.by_compressor, std::string(compressor), one);
}

void RetrievalCounts::note_offer(std::span<const context::BlockReport> blocks) {
  const std::lock_guard lock(mutex_);
  ++sums_.offers;
  for (const context::BlockReport& block : blocks) {
    if (block.ids.empty()) continue;  // nothing of it can be asked for
    RetrievalSum one;
    one.results = 1;
    one.saved = static_cast<std::int64_t>(block.tokens_before) - static_cast<std::int64_t>(block.tokens_after);
    sums_.all.add(one);
    add_to(sums_.by_tool, block.tool_name, one);
    add_to(sums_.by_compressor, block.strategy, one);
  }
}

void RetrievalCounts::note_billed(std::int64_t input, std::int64_t cached, std::int64_t output) {
  const std::lock_guard lock(mutex_);
  sums_.more_input += std::max<std::int64_t>(input, 0);
  sums_.more_cached += std::max<std::int64_t>(cached, 0);
  sums_.more_output += std::max<std::int64_t>(output, 0);
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
