#include "context/beginning.h"

#include <algorithm>
#include <span>
#include <string>

namespace headroom::context {
namespace {

/// The texts of the system prompt that stand before all that is said.
std::span<const wire::Block> prompt_of(const wire::Conversation& conversation) {
  const auto end = std::ranges::find_if(conversation.blocks,
                                        [](const wire::Block& block) { return block.role != wire::Role::kSystem; });
  return {conversation.blocks.begin(), end};
}

base::Hash128 exact_of(const wire::Conversation& conversation) {
  base::Hash128 hash = base::hash128(conversation.session);
  for (const wire::Block& block : prompt_of(conversation)) hash = base::hash128(hash, block.hash);
  return hash;
}

base::Hash128 stable_of(const wire::Conversation& conversation, align::Skeletons& skeletons) {
  base::Hash128 hash = base::hash128(conversation.session);
  for (const wire::Block& block : prompt_of(conversation)) {
    hash = base::hash128(hash, block.exact ? std::string_view(skeletons.of(block.text).text) : block.text);
  }
  return hash;
}

/// Nothing has been answered yet.
bool begins(const wire::Conversation& conversation) {
  return std::ranges::find(conversation.blocks, wire::Role::kAssistant, &wire::Block::role) ==
         conversation.blocks.end();
}

}  // namespace

History find_history(const wire::Conversation& conversation, std::string_view owner, std::string_view session,
                     Beginnings& beginnings, store::DecisionStore& store, align::Skeletons& skeletons, bool notes) {
  History first = read_history(conversation, owner, session);
  if (!session.empty()) return first;  // the client tells its conversations apart itself
  const base::Hash128 exact = exact_of(conversation);
  const auto known = beginnings.find(first.conversation);
  if (known && known->exact == exact) return first;
  const base::Hash128 stable = stable_of(conversation, skeletons);
  if (known && known->stable == stable) return first;
  History own = read_history(conversation, owner, base::hash_bytes(stable));
  const auto use = store.last_use(base::hash_bytes(own.conversation));
  if (use && use->idle_ms >= 0) return own;
  if (known && begins(conversation)) return own;
  if (!known && notes) beginnings.put(first.conversation, {exact, stable});
  return first;
}

}  // namespace headroom::context
