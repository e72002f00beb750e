#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/lru_cache.h"
#include "base/splice.h"
#include "context/pipeline.h"

namespace headroom::context {

/// A piece of a block's text that a marker in the replacement names.
struct KeptOriginal {
  std::string id;
  std::size_t begin = 0, size = 0;  ///< bytes of the block's text, or of the string in it
  detect::ContentType type = detect::ContentType::kOther;
  std::size_t tokens = 0;
  base::Span
      in_string{};  ///< the JSON string of the block's text whose decoded text it is of; empty: of the text itself
};

/// What was decided for a block, kept so that a conversation that is sent again costs only its new blocks.
struct Decision {
  bool replaced = false;
  std::string text;                      ///< the replacement
  std::vector<KeptOriginal> originals;   ///< to be durable before the replacement is used; empty: nothing was dropped
  std::vector<std::uint32_t> refers_to;  ///< blocks of the conversation that the replacement points at
  BlockReport report;
  // What each request that replays the decision needs, where `replaced`; see keep().
  std::string literal;  ///< the text as a JSON string
  base::Hash128 text_hash;
};

/// The decision as it is kept and replayed: with its literal and its hash.
std::shared_ptr<const Decision> keep(Decision decision);

/// Decisions by all that they depend on, or by their place; see base::LruCache.
class DecisionCache {
 public:
  explicit DecisionCache(std::size_t max_bytes) : cache_(max_bytes) {}

  /// Null where there is none.
  std::shared_ptr<const Decision> find(std::uint64_t key) { return cache_.find(key).value_or(nullptr); }
  void put(std::uint64_t key, std::shared_ptr<const Decision> decision);

 private:
  base::LruCache<std::shared_ptr<const Decision>> cache_;
};

}  // namespace headroom::context
