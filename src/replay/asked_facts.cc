#include "replay/asked_facts.h"

#include <algorithm>
#include <set>

namespace headroom::replay {
namespace {

bool holds(const wire::Conversation& conversation, const std::string& fact) {
  return std::ranges::any_of(conversation.blocks,
                             [&](const wire::Block& block) { return block.text.find(fact) != std::string::npos; });
}

}  // namespace

FactCount& FactCount::operator+=(const FactCount& other) {
  in_text += other.in_text;
  retrievable += other.retrievable;
  lost += other.lost;
  return *this;
}

AskedFacts find_facts(const std::vector<std::string>& facts, wire::Api api, std::string_view recorded,
                      std::string_view sent, const std::vector<std::string>& ids, store::OriginalStore& store) {
  AskedFacts found;
  if (facts.empty()) return found;
  const auto before = wire::read_conversation(api, recorded);
  const auto after = wire::read_conversation(api, sent);
  if (!before || !after) return found;
  std::vector<store::Original> originals;
  for (const std::string& id : ids) {
    if (auto original = store.get(id)) originals.push_back(*std::move(original));
  }
  std::set<std::string> fetched;
  for (const std::string& fact : facts) {
    if (!holds(*before, fact)) continue;
    if (holds(*after, fact)) {
      ++found.count.in_text;
      continue;
    }
    // The newest that holds it is what a model would ask for.
    const auto source = std::find_if(originals.rbegin(), originals.rend(), [&](const store::Original& original) {
      return original.content.find(fact) != std::string::npos;
    });
    if (source == originals.rend()) {
      ++found.count.lost;
      continue;
    }
    ++found.count.retrievable;
    if (fetched.insert(source->id).second) found.retrieved_tokens += static_cast<std::uint64_t>(source->tokens);
  }
  return found;
}

}  // namespace headroom::replay
