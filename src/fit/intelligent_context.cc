#include "fit/intelligent_context.h"

#include <algorithm>
#include <vector>

#include "fit/draft.h"
#include "fit/score.h"

namespace headroom::fit {
namespace {

using wire::BlockKind;

/// Reduces blocks of the kind in messages [from, to), those worth least first.
void reduce_blocks(Draft& draft, const std::vector<double>& scores, BlockKind kind, std::uint32_t from,
                   std::uint32_t to, std::string_view reason) {
  const std::vector<wire::Block>& blocks = draft.window().conversation.blocks;
  std::vector<std::uint32_t> order;
  for (std::uint32_t b = 0; b < blocks.size(); ++b) {
    if (blocks[b].kind == kind && blocks[b].message >= from && blocks[b].message < to && draft.reducible(b)) {
      order.push_back(b);
    }
  }
  std::ranges::stable_sort(order, {}, [&](std::uint32_t b) { return scores[b]; });
  for (const std::uint32_t b : order) {
    if (draft.reached()) return;
    draft.reduce(b, reason);
  }
}

}  // namespace

Plan intelligent_context(const Window& window) {
  Draft draft(window);
  if (!draft.needed()) return std::move(draft).finish();
  const std::vector<double> scores = score_blocks(window);
  const Units& units = draft.units();
  reduce_blocks(draft, scores, BlockKind::kToolResult, 0, units.tail, "old result");
  reduce_blocks(draft, scores, BlockKind::kText, 0, units.tail, "long old text");
  reduce_blocks(draft, scores, BlockKind::kToolResult, units.tail, units.fresh, "old result of a long round");
  for (const Unit& round : units.rounds) {
    if (round.end > units.tail || draft.reached()) break;
    draft.remove(round, "old round");
  }
  for (const Unit& step : units.steps) {
    if (step.end > units.fresh || draft.reached()) break;
    draft.remove(step, "old step");
  }
  return std::move(draft).finish();
}

}  // namespace headroom::fit
