#include <algorithm>
#include <vector>

#include "compress/log/like_blocks.h"
#include "compress/log/pickers.h"
#include "compress/log/stanzas.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kMostNamed = 12;
constexpr std::size_t kMostAsked = 4;
constexpr std::uint32_t kWhole = 14;  // lines of a block that stays as a whole
constexpr std::uint32_t kMostFields = 16;
constexpr std::uint32_t kTurn = 4;  // lines of a block that may be something said, or a note
constexpr std::size_t kMostTurns = 3;
constexpr std::size_t kDearest = 120;  // tokens of a line that stays because of its block
constexpr float kLeastScore = 0.2f;

/// The whole of a short block, of a long one the lines that most blocks have.
void add_block(Picks& picks, const LikeBlocks& like, const LikeBlock& block, float priority) {
  const bool whole = block.last - block.first < kWhole;
  std::uint32_t taken = 0;
  for (std::uint32_t i = block.first; i <= block.last && taken < kMostFields; ++i) {
    if (picks.line(i).has(kBlank) || picks.cost(i) > kDearest || (!whole && !like.field[i])) continue;
    ++taken;
    picks.add(priority, i, i, Reason::kMatch);
  }
}

/// Per block how much it is asked for: above 1 where it holds what the question names.
std::vector<float> asked_blocks(const Picks& picks, const LikeBlocks& like) {
  const QueryMatch& query = picks.analysis().query;
  std::vector<float> asked(like.blocks.size(), 0.0f);
  const auto block_of = [&](std::uint32_t line) {
    const auto found = std::ranges::lower_bound(like.blocks, line, {}, &LikeBlock::last);
    return found != like.blocks.end() && found->first <= line ? found - like.blocks.begin() : std::ptrdiff_t{-1};
  };
  for (std::size_t k = 0; k < like.blocks.size(); ++k) {
    const auto begin = query.score.begin() + like.blocks[k].first;
    asked[k] = *std::max_element(begin, query.score.begin() + like.blocks[k].last + 1);
  }
  const float best = asked.empty() ? 0 : *std::ranges::max_element(asked);
  for (float& value : asked) value = best < kLeastScore ? 0 : value / best;
  for (const auto* lines : {&query.exact, &query.together}) {
    for (const std::uint32_t line : *lines) {
      const auto k = block_of(line);
      if (k >= 0 && asked[static_cast<std::size_t>(k)] <= 1) asked[static_cast<std::size_t>(k)] += 1;
    }
  }
  return asked;
}

}  // namespace

void pick_like_blocks(Picks& picks) {
  const QueryMatch& query = picks.analysis().query;
  if (query.score.empty()) return;
  if (!find_stanzas(picks.document()).empty()) return;
  const LikeBlocks like = find_like_blocks(picks.document());
  if (like.blocks.empty()) return;
  const std::vector<float> asked = asked_blocks(picks, like);
  const float best = *std::ranges::max_element(asked);
  if (best <= 0) return;
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < asked.size(); ++k) {
    if (best > 1 ? asked[k] > 1 : asked[k] >= 0.8f * best) order.push_back(k);
  }
  // What is as true of many of them names none.
  const std::size_t most = best > 1 ? kMostNamed : kMostAsked;
  if (order.size() > most && order.size() * 5 > asked.size()) return;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return asked[a] > asked[b]; });
  for (std::size_t n = 0; n < std::min(most, order.size()); ++n) {
    const std::size_t k = order[n];
    // What is named is what is asked for, however much that comes to.
    add_block(picks, like, like.blocks[k], asked[k] > 1 ? kAlways : 1.05f - 0.02f * static_cast<float>(n));
    // Who is asked answers in what follows.
    const bool turn = like.blocks[k].last - like.blocks[k].first < kTurn && n < kMostTurns;
    if (turn && k + 1 < like.blocks.size()) add_block(picks, like, like.blocks[k + 1], 1.0f);
  }
}

}  // namespace headroom::compress::log
