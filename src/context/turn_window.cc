#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "context/turn.h"
#include "fit/intelligent_context.h"
#include "fit/rolling_window.h"
#include "fit/window.h"

// What leaves a conversation that has no room.

namespace headroom::context {

/// What all revisions say about the window: texts by block, and removals joined.
void Turn::gather_window() {
  window_texts_.clear();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spans;
  for (const Revision& revision : revisions_) {
    for (const Revision::Text& text : revision.texts) window_texts_[text.block] = &text;
    for (const auto& [first, end] : revision.removed) {
      if (const auto messages = messages_of(first, end)) spans.push_back(*messages);
    }
  }
  std::ranges::sort(spans);
  removals_.clear();
  for (const auto& [first, end] : spans) {
    if (!removals_.empty() && first <= removals_.back().end_message) {
      removals_.back().end_message = std::max(removals_.back().end_message, end);
    } else {
      removals_.push_back({first, end, 0, {}});
    }
  }
}

/// The messages that hold just the blocks; none when the client has divided them otherwise since.
std::optional<std::pair<std::uint32_t, std::uint32_t>> Turn::messages_of(std::uint32_t first, std::uint32_t end) const {
  const std::vector<wire::Message>& messages = conversation_.messages;
  const auto begin = std::ranges::find_if(messages, [&](const wire::Message& message) {
    return message.first_block == first && message.end_block > first;
  });
  const auto last =
      std::find_if(begin, messages.end(), [&](const wire::Message& message) { return message.end_block >= end; });
  if (last == messages.end() || last->end_block != end) return std::nullopt;
  return std::pair(static_cast<std::uint32_t>(begin - messages.begin()),
                   static_cast<std::uint32_t>(last - messages.begin()) + 1);
}

bool Turn::removed(std::size_t block) const {
  if (removals_.empty()) return false;
  const wire::Block& it = conversation_.blocks[block];
  if (it.role == wire::Role::kSystem && wire::has_own_system(conversation_.api)) return false;
  return std::ranges::any_of(removals_, [&](const fit::Removal& removal) {
    return it.message >= removal.first_message && it.message < removal.end_message;
  });
}

void Turn::fit_window() {
  std::vector<fit::SentBlock> sent;
  std::size_t total = 0;
  for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) {
    sent.push_back({removed(i) ? std::string_view() : sent_text(i), sent_tokens(i)});
    total += sent.back().tokens;
  }
  out_.tokens_after = total;
  // The window holds the tools, too; a budget is for what is said.
  std::size_t budget = fit::window_for(conversation_.model, conversation_.max_output);
  std::size_t overhead = 0;
  for (const wire::Tool& tool : conversation_.tools) {
    overhead += shared_.counts.count(tokenizer_, body_.substr(tool.element.begin, tool.element.size()));
  }
  if (budget > 0) budget = budget > overhead ? budget - overhead : 1;
  if (request_.token_budget > 0) budget = budget == 0 ? request_.token_budget : std::min(budget, request_.token_budget);
  if (budget == 0 || total <= budget || shared_.store == nullptr || shared_.options.lossless) return;
  fit::Plan plan = fit::intelligent_context(
      {.conversation = conversation_, .sent = sent, .tokenizer = tokenizer_, .budget = budget, .gone = removals_});
  if (!plan.met) {
    fit::Plan rolled = fit::rolling_window(
        {.conversation = conversation_, .sent = sent, .tokenizer = tokenizer_, .budget = budget, .gone = removals_});
    if (rolled.met || rolled.tokens_after < plan.tokens_after) plan = std::move(rolled);
  }
  if (!plan.met && request_.token_budget > 0) out_.budget_note = plan.unmet;
  if (plan.empty()) return;
  because(fmt::format("{} tokens into a window of {}", total, budget));
  for (fit::Reduction& reduction : plan.reductions) {
    pending_.texts.push_back({reduction.block, std::move(reduction.text), std::move(reduction.original_ids)});
  }
  for (const fit::Removal& removal : plan.removals) {
    pending_.removed.emplace_back(conversation_.messages[removal.first_message].first_block,
                                  conversation_.messages[removal.end_message - 1].end_block);
  }
  for (fit::Original& original : plan.originals) {
    const auto tokens = static_cast<std::int64_t>(tokenizer_.count(original.text));
    transcripts_.push_back({std::move(original.id), std::move(original.text), "other", "", tokens});
    transcripts_.back().project = request_.project;
  }
}

}  // namespace headroom::context
