#pragma once

#include <cstddef>
#include <string_view>

#include "wire/conversation.h"

namespace headroom::context {

/// The provider takes the model's own thinking back only behind what it was sent when it thought so. Where the tools,
/// the system prompt or a message before it are others, Anthropic refuses the request, or drops that thinking and all
/// behind it, and OpenAI drops it without a word. True from Claude Fable 5.1 and GPT 6.2 on, and for a Claude
/// that says no version. https://platform.claude.com/docs/en/build-with-claude/preserved-thinking,
/// https://developers.openai.com/api/docs/guides/keep-prefix-unchanged
bool binds_thinking(std::string_view model);

/// What of a conversation must go out as it went out before.
struct ThinkingBinding {
  bool any = false;     ///< some thinking is bound: what all requests begin with must stay, too
  std::size_t end = 0;  ///< blocks that stand before the last thinking
};

ThinkingBinding thinking_binding(const wire::Conversation& conversation);

}  // namespace headroom::context
