#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "tokens/tokenizer.h"

namespace headroom::tokens {

/// Remembers the counts of texts by hash, so that a conversation that is sent again costs only its new blocks. Bounded:
/// each text has one of kWays slots of its set, and a newer text takes the oldest. Thread-safe.
class CountCache {
 public:
  /// Texts shorter than this are counted directly: that is as fast as looking them up.
  static constexpr std::size_t kDirect = 64;

  std::size_t count(const Tokenizer& tokenizer, std::string_view text);

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kSets = 256;  // per shard
  static constexpr std::size_t kWays = 4;

  struct Entry {
    std::uint64_t key = 0;
    std::uint64_t length = 0;  ///< 0: free; texts here have at least kDirect bytes
    std::size_t tokens = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::vector<Entry> entries;  // kSets sets of kWays, newest first in each; made when first used
  };
  std::array<Shard, kShards> shards_;
};

}  // namespace headroom::tokens
