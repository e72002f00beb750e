#include "wire/forgetting.h"

#include <string_view>

namespace headroom::wire {

bool provider_forgets(const Conversation& conversation) {
  if (conversation.source == nullptr) return false;
  const base::JsonDocument& document = conversation.source->document;
  const base::JsonNode& body = document.root();
  if (document.string_member(body, "truncation") == "auto") return true;
  const base::JsonNode* management = document.find_last(body, "context_management");
  return management != nullptr && (management->raw.find("\"clear_tool_uses") != std::string_view::npos ||
                                   management->raw.find("\"compact") != std::string_view::npos);
}

}  // namespace headroom::wire
