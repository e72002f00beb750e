#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "context/pipeline.h"

namespace headroom::context {

/// A piece of a block's text that a marker in the replacement names.
struct KeptOriginal {
  std::string id;
  std::size_t begin = 0, size = 0;  ///< bytes of the block's text
  detect::ContentType type = detect::ContentType::kOther;
  std::size_t tokens = 0;
};

/// What was decided for a block, kept so that a conversation that is sent again costs only its new blocks.
struct Decision {
  bool replaced = false;
  std::string text;                      ///< the replacement
  std::vector<KeptOriginal> originals;   ///< to be durable before the replacement is used; empty: nothing was dropped
  std::vector<std::uint32_t> refers_to;  ///< blocks of the conversation that the replacement points at
  BlockReport report;
};

/// Bounded map from (block, query, tokenizer) to its decision; least recently used go first. Thread-safe.
class DecisionCache {
 public:
  explicit DecisionCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  std::shared_ptr<const Decision> find(std::uint64_t key);
  void put(std::uint64_t key, std::shared_ptr<const Decision> decision);

 private:
  struct Entry {
    std::uint64_t key;
    std::shared_ptr<const Decision> decision;
    std::size_t bytes;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> by_key_;
  std::size_t bytes_ = 0;
  std::size_t max_bytes_;
};

}  // namespace headroom::context
