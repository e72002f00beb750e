#include "fit/draft.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "compress/marker.h"
#include "detect/tool_call.h"
#include "fit/summary.h"

namespace headroom::fit {
namespace {

using wire::Block;
using wire::BlockKind;
using wire::Role;

/// A marker takes about 50 tokens, and a retrieval another turn.
constexpr std::size_t kWorthATurn = 200;
/// What the marker for removed messages takes at most; taken off the target, so that it never breaks the budget.
constexpr std::size_t kMarkerTokens = 150;

constexpr std::string_view kTakenAway = "taken away to fit the window";

bool is_retrieval(const wire::Block& block) {
  return detect::gives_back_original(block.tool_name, block.tool_arguments);
}

}  // namespace

Draft::Draft(const Window& window)
    : window_(window),
      units_(find_units(window.conversation, window.keep_rounds, window.keep_steps)),
      gone_(window.conversation.messages.size(), false),
      reduced_(window.conversation.blocks.size(), -1) {
  for (const Removal& removal : window.gone) {
    std::fill(gone_.begin() + removal.first_message, gone_.begin() + removal.end_message, true);
  }
  before_ = window.overhead;
  for (const SentBlock& block : window.sent) before_ += block.tokens;
  now_ = before_;
  target_ = static_cast<std::size_t>(static_cast<double>(window.budget) * std::clamp(window.fill, 0.0, 1.0));
  if (target_ > kMarkerTokens) target_ -= kMarkerTokens;
  for (std::uint32_t b = 0; b < window.conversation.blocks.size(); ++b) {
    const Block& block = window.conversation.blocks[b];
    if (is_user_place(block) || is_result_place(block)) last_place_ = std::max(last_place_, block.message);
  }
}

bool Draft::is_user_place(const Block& block) const {
  return block.kind == BlockKind::kText && block.role == Role::kUser && block.exact &&
         !window_.conversation.messages[block.message].immutable;
}

bool Draft::is_result_place(const Block& block) const {
  return block.kind == BlockKind::kToolResult && block.editable && !is_retrieval(block) &&
         !window_.conversation.messages[block.message].immutable;
}

bool Draft::reducible(std::uint32_t b) const {
  const Block& block = window_.conversation.blocks[b];
  if (block.role == Role::kSystem || block.kind == BlockKind::kToolCall || !block.exact) return false;
  if (block.message >= window_.conversation.messages.size() || block.message == units_.task) return false;
  const wire::Message& message = window_.conversation.messages[block.message];
  if (message.immutable || message.role == Role::kSystem || b < message.first_block || b >= message.end_block) {
    return false;
  }
  if (block.kind == BlockKind::kToolResult && (!block.editable || is_retrieval(block))) return false;
  // The way back to what was taken away stays.
  if (!window_.gone.empty() && window_.sent[b].text.find(kTakenAway) != std::string_view::npos) return false;
  return window_.sent[b].tokens >= kWorthATurn;
}

void Draft::reduce(std::uint32_t b, std::string_view reason) {
  const Block& block = window_.conversation.blocks[b];
  if (reduced_[b] >= 0 || removed(block.message)) return;
  const std::size_t tokens = window_.sent[b].tokens;
  std::string id = base::content_id(block.text);
  std::string text = compress::handle_marker(id, summary_of(block, tokens));
  const std::size_t left = window_.tokenizer.count(text);
  if (left * 2 > tokens) return;
  reduced_[b] = static_cast<std::int32_t>(reductions_.size());
  reductions_.push_back({b, std::move(text), {id}, static_cast<std::int64_t>(tokens - left), std::string(reason)});
  originals_.push_back({std::move(id), std::string(block.text)});
  now_ -= tokens - left;
}

bool Draft::can_be_marked(std::uint32_t after) const {
  return last_place_ >= after;
}

void Draft::remove(const Unit& unit, std::string_view reason) {
  if (!unit.removable || gone_[unit.first] || gone_[unit.end - 1] || !can_be_marked(unit.end)) return;
  std::size_t tokens = 0;
  for (std::uint32_t m = unit.first; m < unit.end; ++m) {
    gone_[m] = true;
    const wire::Message& message = window_.conversation.messages[m];
    for (std::uint32_t b = message.first_block; b < message.end_block; ++b) {
      std::size_t sent = window_.sent[b].tokens;
      if (reduced_[b] >= 0) sent -= static_cast<std::size_t>(reductions_[reduced_[b]].tokens);
      tokens += sent;
    }
  }
  now_ -= tokens;
  removals_.push_back({unit.first, unit.end, tokens, std::string(reason)});
}

void Draft::mark_removed(Plan& plan) {
  std::size_t tokens = 0, messages = 0;
  for (const Removal& removal : plan.removals) {
    tokens += removal.tokens;
    messages += removal.end_message - removal.first_message;
  }
  const wire::Conversation& conversation = window_.conversation;
  const auto kept_after = [&](const Block& block) {
    return block.message >= plan.removals.front().end_message && !removed(block.message);
  };
  auto found = std::ranges::find_if(conversation.blocks,
                                    [&](const Block& block) { return kept_after(block) && is_user_place(block); });
  if (found == conversation.blocks.end()) {
    found = std::ranges::find_if(conversation.blocks,
                                 [&](const Block& block) { return kept_after(block) && is_result_place(block); });
  }
  const auto place = static_cast<std::uint32_t>(found - conversation.blocks.begin());
  std::string transcript = transcript_of(conversation, plan.removals);
  std::string id = base::content_id(transcript);
  std::string marker = compress::handle_marker(
      id, fmt::format("{} earlier messages ({} to {}), {} tokens, {}", messages, plan.removals.front().first_message,
                      plan.removals.back().end_message - 1, tokens, kTakenAway));
  marker += "\n\n";
  const auto added = static_cast<std::int64_t>(window_.tokenizer.count(marker));
  now_ += static_cast<std::size_t>(added);
  const auto at = std::ranges::lower_bound(plan.reductions, place, {}, &Reduction::block);
  if (at != plan.reductions.end() && at->block == place) {
    at->text.insert(0, marker);
    at->original_ids.insert(at->original_ids.begin(), id);
    at->tokens -= added;
  } else {
    plan.reductions.insert(
        at,
        {place, marker + std::string(window_.sent[place].text), {id}, -added, "says which messages were taken away"});
  }
  plan.originals.push_back({std::move(id), std::move(transcript)});
}

Plan Draft::finish() && {
  Plan plan;
  plan.tokens_before = before_;
  for (std::size_t i = 0; i < reductions_.size(); ++i) {
    if (removed(window_.conversation.blocks[reductions_[i].block].message)) continue;
    plan.reductions.push_back(std::move(reductions_[i]));
    plan.originals.push_back(std::move(originals_[i]));
  }
  std::ranges::sort(plan.reductions, {}, &Reduction::block);
  // The marker of what went before may stand in what goes now.
  if (!removals_.empty()) removals_.insert(removals_.end(), window_.gone.begin(), window_.gone.end());
  std::ranges::sort(removals_, {}, &Removal::first_message);
  for (Removal& removal : removals_) {
    if (!plan.removals.empty() && plan.removals.back().end_message >= removal.first_message) {
      plan.removals.back().end_message = std::max(plan.removals.back().end_message, removal.end_message);
      plan.removals.back().tokens += removal.tokens;
    } else {
      plan.removals.push_back(std::move(removal));
    }
  }
  if (!plan.removals.empty()) mark_removed(plan);
  std::ranges::sort(plan.originals, {}, &Original::id);
  const auto [first, last] = std::ranges::unique(plan.originals, {}, &Original::id);
  plan.originals.erase(first, last);
  plan.tokens_after = now_;
  plan.met = window_.budget == 0 || now_ <= window_.budget;
  if (!plan.met) {
    plan.unmet = fmt::format(
        "{} tokens over the budget of {}: what is left is the system prompt, the task, the last rounds and what may "
        "not "
        "be changed",
        now_ - window_.budget, window_.budget);
  }
  return plan;
}

}  // namespace headroom::fit
