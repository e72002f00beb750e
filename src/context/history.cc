#include "context/history.h"

#include <string>

namespace headroom::context {

History read_history(const wire::Conversation& conversation, std::string_view owner, std::string_view session) {
  History history;
  history.places.reserve(conversation.blocks.size());
  base::Hash128 place = base::hash128(base::hash128(owner), session);
  place = base::hash128(place, wire::api_name(conversation.api));
  bool begun = false;
  std::string said;
  for (const wire::Block& block : conversation.blocks) {
    if (block.role != wire::Role::kSystem) {
      said.clear();
      said.append(std::to_string(static_cast<int>(block.kind))).push_back(' ');
      said.append(std::to_string(static_cast<int>(block.role))).push_back(' ');
      said.append(block.tool_name).push_back('\0');
      said += base::hash_bytes(block.hash);
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
