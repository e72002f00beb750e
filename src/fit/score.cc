#include "fit/score.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/bm25.h"
#include "base/hash.h"
#include "base/text.h"
#include "fit/summary.h"

namespace headroom::fit {
namespace {

using wire::Block;
using wire::BlockKind;
using wire::Role;

constexpr std::size_t kSampleHead = 800, kSampleTail = 300;  // for names
constexpr std::size_t kWordsSample = 400;                    // of those, for words, which cost more

std::string sample_of(std::string_view text) {
  if (text.size() <= kSampleHead + kSampleTail) return std::string(text);
  return std::string(text.substr(0, kSampleHead)) + "\n" + std::string(text.substr(text.size() - kSampleTail));
}

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '/' ||
         c == '.' || c == '-';
}

/// Hashes of the names in a text that hardly stand there by chance: paths, identifiers, ids.
std::vector<std::uint64_t> names_of(std::string_view text) {
  std::vector<std::uint64_t> names;
  for (std::size_t at = 0; at < text.size();) {
    if (!in_name(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    bool special = false, hump = false;
    for (; at < text.size() && in_name(text[at]); ++at) {
      const char c = text[at];
      special = special || c == '_' || c == '/' || (c >= '0' && c <= '9');
      hump = hump || (at > begin && c >= 'A' && c <= 'Z' && text[at - 1] >= 'a' && text[at - 1] <= 'z');
    }
    std::string_view name = text.substr(begin, at - begin);
    while (!name.empty() && (name.back() == '.' || name.back() == '-')) name.remove_suffix(1);
    const bool file = name.find('.') != std::string_view::npos;
    if (name.size() >= 6 && (special || hump || file)) names.push_back(base::hash64(name));
  }
  std::ranges::sort(names);
  const auto [first, last] = std::ranges::unique(names);
  names.erase(first, last);
  return names;
}

std::string newest_requests(const wire::Conversation& conversation) {
  std::string query;
  int left = 2;
  for (auto block = conversation.blocks.rbegin(); block != conversation.blocks.rend() && left > 0; ++block) {
    if (block->kind != BlockKind::kText || block->role != Role::kUser) continue;
    query += sample_of(block->text) + "\n";
    --left;
  }
  return query;
}

}  // namespace

std::vector<double> score_blocks(const Window& window) {
  const std::vector<Block>& blocks = window.conversation.blocks;
  std::vector<double> scores(blocks.size(), 0);
  if (blocks.empty()) return scores;
  base::Bm25Index index;
  std::vector<std::vector<std::uint64_t>> names(blocks.size());
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const std::string sample = sample_of(blocks[b].text);
    std::vector<std::string> words = base::words(fmt::format("{}\n{}", std::string_view(sample).substr(0, kWordsSample),
                                                             blocks[b].tool_arguments.substr(0, 200)));
    index.add_words(words);
    names[b] = names_of(sample);
    if (!words.empty()) {
      const std::unordered_set<std::string_view> distinct(words.begin(), words.end());
      scores[b] += 0.3 * static_cast<double>(distinct.size()) / static_cast<double>(words.size());
    }
    if (blocks[b].is_error || (blocks[b].kind == BlockKind::kToolResult && is_error_line(sample))) {
      scores[b] += blocks[b].is_error ? 2.0 : 0.5;
    }
    scores[b] += static_cast<double>(b) / static_cast<double>(blocks.size());
  }
  const std::vector<double> relevance = index.score(newest_requests(window.conversation));
  const double best = std::max(1e-9, std::ranges::max(relevance));
  // Backwards: what the model or the user said after a block, and which calls were made again.
  std::unordered_set<std::uint64_t> later;
  std::unordered_map<std::uint64_t, std::string_view> calls;
  for (std::size_t b = blocks.size(); b-- > 0;) {
    scores[b] += 0.8 * relevance[b] / best;
    if (blocks[b].kind == BlockKind::kToolResult) {
      const auto met = std::ranges::count_if(names[b], [&](std::uint64_t name) { return later.contains(name); });
      scores[b] += 0.2 * static_cast<double>(std::min<std::ptrdiff_t>(met, 4));
      const std::uint64_t call = base::hash64(blocks[b].tool_arguments, base::hash64(blocks[b].tool_name));
      const auto [again, first] = calls.try_emplace(call, blocks[b].tool_call_id);
      if (!first && !blocks[b].tool_name.empty() && again->second != blocks[b].tool_call_id) scores[b] -= 0.7;
    } else {
      later.insert(names[b].begin(), names[b].end());
    }
  }
  return scores;
}

}  // namespace headroom::fit
