#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "wire/conversation.h"

namespace headroom::context {

/// Names the places of a conversation. The place of a block is a hash of all that was said up to it and of its own
/// text: role, kind, tool, text; not of the system prompt, the tools and cache marks, which clients change from request
/// to request. So a place is the same in every request that repeats the conversation, in any process; and when
/// something before a block is different, its place is another, and the provider's cache has to read it anew anyway.
struct History {
  base::Hash128 conversation;         ///< of the one whom it belongs to, the session and the first thing said
  std::vector<base::Hash128> places;  ///< for each block; those of the system prompt have that of the conversation
};

/// `owner`: whose request it is, so that nobody finds what was decided for another. `session`: what the client calls
/// it; empty when it does not say.
History read_history(const wire::Conversation& conversation, std::string_view owner, std::string_view session);

}  // namespace headroom::context
