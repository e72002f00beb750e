#pragma once

#include "wire/conversation.h"

namespace headroom::wire {

/// The request has the provider take old messages or results out of what the model reads: Anthropic's
/// "context_management" with edits that clear results or sum messages up (clearing thoughts is none), OpenAI's, which
/// sums up, and its "truncation", which drops items.
bool provider_forgets(const Conversation& conversation);

}  // namespace headroom::wire
