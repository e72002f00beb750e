#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/original_store.h"
#include "wire/conversation.h"

namespace headroom::replay {

/// Where the facts are that answers need.
struct FactCount {
  std::size_t in_text = 0;      ///< the model reads them
  std::size_t retrievable = 0;  ///< in an original that a marker of the request names
  std::size_t lost = 0;         ///< in neither

  std::size_t all() const { return in_text + retrievable + lost; }
  FactCount& operator+=(const FactCount& other);
};

struct AskedFacts {
  FactCount count;
  std::uint64_t retrieved_tokens = 0;  ///< of the originals that must be fetched for them, each once
};

/// Looks for each fact in what the model reads of `sent`, then in the originals `ids`. Facts that were not in
/// `recorded`, the same request before, are not counted.
AskedFacts find_facts(const std::vector<std::string>& facts, wire::Api api, std::string_view recorded,
                      std::string_view sent, const std::vector<std::string>& ids, store::OriginalStore& store);

}  // namespace headroom::replay
