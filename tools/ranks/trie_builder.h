#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "tokens/token_trie.h"

namespace headroom::tokens {

/// Lays out a TokenTrie: first fit, in the blocks that still have room.
class TrieBuilder {
 public:
  /// Bytes and id, sorted by bytes, none empty, none twice.
  using Tokens = std::vector<std::pair<std::string_view, std::uint32_t>>;

  explicit TrieBuilder(const Tokens& tokens) : tokens_(tokens) {}
  std::vector<TrieUnit> build();

 private:
  static constexpr std::size_t kBlock = 512;  ///< units; base ^ label stays in the block of the base
  static constexpr int kTries = 24;           ///< nodes that may find no room in a block before it is left alone

  struct Block {
    std::size_t start;
    int misses = 0;
  };

  /// Places the children of the node whose bytes are the first `depth` ones of tokens first .. last-1. Returns the
  /// node's value, with kTrieToken and kTrieLeaf as they apply.
  TrieUnit place(std::size_t first, std::size_t last, std::size_t depth);
  void add_block();
  /// A base of its own at which the units of all `labels` are free.
  std::size_t find_base(const std::vector<TrieUnit>& labels);
  bool fits(std::size_t base, const std::vector<TrieUnit>& labels) const;

  const Tokens& tokens_;
  std::vector<TrieUnit> units_;
  std::vector<bool> base_is_used_;
  std::vector<Block> open_blocks_;
};

}  // namespace headroom::tokens
