#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "align/skeleton.h"
#include "base/hash.h"
#include "base/lru_cache.h"
#include "context/history.h"
#include "store/decision_store.h"
#include "wire/conversation.h"

namespace headroom::context {

/// What the first request of a conversation had besides the first thing said: the system prompt, and the session where
/// the client names one in the body. Many conversations begin with the same words ("hi", the task of a sub-agent); this
/// tells them apart, though a conversation's own requests may have another prompt later on, or another session after it
/// was resumed. Of this process; what it forgets only costs that conversations which begin alike are taken for one.
/// Bounded; thread-safe.
class Beginnings {
 public:
  explicit Beginnings(std::size_t max_bytes) : cache_(max_bytes) {}

  struct Beginning {
    base::Hash128 exact;
    base::Hash128 stable;  ///< without what is volatile in the prompt: dates, ids, folders
  };
  std::optional<Beginning> find(const base::Hash128& conversation) { return cache_.find(conversation.low); }
  void put(const base::Hash128& conversation, Beginning beginning) {
    static constexpr std::size_t kBytes = 160;  // with what the cache needs for it
    cache_.put(conversation.low, beginning, kBytes);
  }

 private:
  base::LruCache<Beginning> cache_;
};

/// The history of the conversation that the request is of. The first conversation with an opening is named by the
/// opening alone; one that begins later in another way has a name of its own, by which `store` knows it from its first
/// request on. A request that goes on with neither is of the first: its prompt has changed since. `notes`: the request
/// may begin something; one that only counts tokens may not. `skeletons`: of the conversation's texts.
History find_history(const wire::Conversation& conversation, std::string_view owner, std::string_view session,
                     Beginnings& beginnings, store::DecisionStore& store, align::Skeletons& skeletons, bool notes);

}  // namespace headroom::context
