#include "context/history.h"

#include <fmt/format.h>

namespace headroom::context {

History read_history(const wire::Conversation& conversation, std::string_view owner, std::string_view session) {
  History history;
  history.places.reserve(conversation.blocks.size());
  history.texts.reserve(conversation.blocks.size());
  base::Hash128 place = base::hash128(base::hash128(owner), session);
  place = base::hash128(place, wire::api_name(conversation.api));
  bool begun = false;
  for (const wire::Block& block : conversation.blocks) {
    const base::Hash128 text = base::hash128(block.text);
    history.texts.push_back(text);
    if (block.role != wire::Role::kSystem) {
      std::string said = fmt::format("{} {} ", static_cast<int>(block.kind), static_cast<int>(block.role));
      said += block.tool_name;
      said += '\0';
      said += base::hash_bytes(text);
      place = base::hash128(place, said);
      if (!begun) history.conversation = place;
      begun = true;
    }
    history.places.push_back(place);
  }
  if (!begun) history.conversation = place;
  return history;
}

}  // namespace headroom::context
