#include "fit/units.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace headroom::fit {
namespace {

using wire::Block;
using wire::BlockKind;
using wire::Conversation;
using wire::Message;
using wire::Role;

/// Where the calls and the results of one id are.
struct Pair {
  std::uint32_t first = ~0U, last = 0;
  bool call = false, result = false;
};

class Finder {
 public:
  explicit Finder(const Conversation& conversation) : conversation_(conversation) {
    for (const Block& block : conversation.blocks) {
      if (block.kind == BlockKind::kText) continue;
      Pair& pair = pairs_[block.tool_call_id];
      pair.first = std::min(pair.first, block.message);
      pair.last = std::max(pair.last, block.message);
      (block.kind == BlockKind::kToolCall ? pair.call : pair.result) = true;
    }
  }

  bool holds(const Message& message, BlockKind kind) const {
    for (std::uint32_t b = message.first_block; b < message.end_block; ++b) {
      if (conversation_.blocks[b].kind == kind) return true;
    }
    return false;
  }

  /// Results that the client gives in the user's name answer none.
  bool answers_call(const Message& message) const {
    for (std::uint32_t b = message.first_block; b < message.end_block; ++b) {
      const Block& block = conversation_.blocks[b];
      if (block.kind == BlockKind::kToolResult && !block.spoken) return true;
    }
    return false;
  }

  bool begins_round(const Message& message) const {
    return message.role == Role::kUser && holds(message, BlockKind::kText) && !answers_call(message);
  }

  bool removable(std::uint32_t first, std::uint32_t end) const {
    for (std::uint32_t m = first; m < end; ++m) {
      const Message& message = conversation_.messages[m];
      if (message.immutable || message.opaque || message.role == Role::kSystem) return false;
      if (message.first_block == message.end_block) return false;
      for (std::uint32_t b = message.first_block; b < message.end_block; ++b) {
        const Block& block = conversation_.blocks[b];
        if (block.kind == BlockKind::kText) continue;
        const auto pair = pairs_.find(block.tool_call_id);
        if (block.tool_call_id.empty() || pair == pairs_.end() || !pair->second.call || !pair->second.result ||
            pair->second.first < first || pair->second.last >= end) {
          return false;
        }
      }
    }
    return true;
  }

 private:
  const Conversation& conversation_;
  std::unordered_map<std::string_view, Pair> pairs_;
};

void find_steps(const Finder& finder, const Conversation& conversation, const Unit& round, Units& units) {
  const std::vector<Message>& messages = conversation.messages;
  for (std::uint32_t m = round.first + 1; m < round.end;) {
    if (messages[m].role != Role::kAssistant || !finder.holds(messages[m], BlockKind::kToolCall)) {
      ++m;
      continue;
    }
    Unit step{m, m + 1, false};
    bool only_results = true;
    while (step.end < round.end && messages[step.end].role != Role::kAssistant) {
      // What the user typed between results is a request of its own.
      only_results = only_results && !finder.holds(messages[step.end], BlockKind::kText);
      ++step.end;
    }
    // The roles beside it must still alternate.
    const bool alternates = messages[m - 1].role != Role::kAssistant && step.end < round.end;
    step.removable = only_results && alternates && finder.removable(step.first, step.end);
    units.steps.push_back(step);
    m = step.end;
  }
}

}  // namespace

Units find_units(const Conversation& conversation, std::size_t keep_rounds, std::size_t keep_steps) {
  const Finder finder(conversation);
  const auto count = static_cast<std::uint32_t>(conversation.messages.size());
  Units units;
  units.task = units.tail = units.fresh = count;
  for (std::uint32_t m = 0; m < count; ++m) {
    if (!finder.begins_round(conversation.messages[m])) continue;
    if (units.rounds.empty()) {
      units.task = m;
    } else {
      units.rounds.back().end = m;
    }
    units.rounds.push_back({m, count, false});
  }
  if (units.rounds.empty()) {
    units.tail = units.fresh = 0;
    return units;
  }
  for (Unit& round : units.rounds) {
    round.removable = round.first != units.task && finder.removable(round.first, round.end);
    find_steps(finder, conversation, round, units);
  }
  const std::vector<Unit>& rounds = units.rounds;
  // The newest request and what follows it counts as one of the last, whatever the setting.
  const std::size_t kept = std::min(rounds.size(), std::max<std::size_t>(keep_rounds, 1));
  units.tail = units.fresh = rounds[rounds.size() - kept].first;
  if (keep_steps != 0 && units.steps.size() > keep_steps) {
    units.fresh = std::max(units.fresh, units.steps[units.steps.size() - keep_steps].first);
  }
  return units;
}

}  // namespace headroom::fit
