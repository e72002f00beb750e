#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json_document.h"

namespace headroom::compress::json {

/// The keys of a document's members, numbered in the order in which they stand first. Views are into the document's
/// text. The document must outlive it.
class MemberKeys {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Key {
    std::string_view name;   ///< as it stands in the text
    std::string_view value;  ///< of the first member
    std::size_t count = 0, bytes = 0;
    bool same = true;        ///< all members have one value, which is short and no array or object, and says something
    std::uint32_t next = 0;  ///< the key that stood behind it last time
  };

  explicit MemberKeys(const base::JsonDocument& doc);

  const std::vector<Key>& keys() const { return keys_; }
  /// By node: the number of its key, or kNone.
  std::uint32_t of(std::uint32_t node) const { return of_node_[node]; }

  /// By key, of those that are `wanted`: it is no news which objects have it, as all of a group have it, or none. Those
  /// are a group that stand under one key, or in the array under it. Keys that stand once are names, as in a map: what
  /// stands under them is alike as far as it stands in objects that are.
  std::vector<bool> no_news(const std::vector<bool>& wanted) const;

 private:
  std::uint32_t number_of(std::string_view name);

  const base::JsonDocument& doc_;
  std::vector<Key> keys_;
  std::vector<std::uint32_t> of_node_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::uint32_t last_ = 0;  // while keys are numbered
};

/// Null, or empty.
bool says_nothing(const base::JsonNode& value);

}  // namespace headroom::compress::json
