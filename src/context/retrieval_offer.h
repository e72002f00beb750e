#pragma once

#include <string>
#include <string_view>

#include "wire/conversation.h"

namespace headroom::context {

/// When a conversation gets the retrieve tool (docs/RETRIEVAL.md).
enum class ToolOffer {
  kNever,
  kLazy,   ///< from the first request on that holds a marker
  kEager,  ///< with the conversation's first request, so that its prefix never changes; later ones as kLazy
};
/// "eager", "lazy" or "off"; anything else is kNever.
ToolOffer tool_offer_from_name(std::string_view name);

inline constexpr std::string_view kRetrieveTool = "headroom_retrieve";

/// A name that a call of the tool may have: older clients know it by another.
bool is_retrieve_tool(std::string_view name);

/// The tool as an element of the format's list of tools, always the same bytes; empty for a format whose answers are
/// not read for calls of it. `namespaced`: the list's other elements are groups of tools, and this is one.
const std::string& retrieve_tool_definition(wire::Api api, bool namespaced = false);

/// The conversation's own list holds a tool that gives originals back, or describes one that a script may call, so that
/// another would only confuse. `body`: the conversation's.
bool has_own_retrieve_tool(const wire::Conversation& conversation, std::string_view body);

/// Of a request as it was read (Conversation::source): the answer comes in a form in which calls can be seen, and may
/// be made of several: not where the provider keeps what it answers, as it would keep a call without its result, or
/// answers later, or gives several answers at once.
bool answer_can_be_continued(const wire::Conversation& conversation);

/// The request, as it was read (Conversation::source), leaves the model free to call a tool of its choice.
bool may_call_any_tool(const wire::Conversation& conversation);

}  // namespace headroom::context
