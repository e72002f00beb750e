#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::mcp {

/// What becomes of one of the passages that a search has found.
struct PassageVerdict {
  enum class Why { kKept, kDuplicate, kOffTopic, kOverBudget };
  Why why = Why::kKept;
  std::size_t same_as = 0;  ///< kDuplicate: the one that says the same, counted from 0
  double score = 0;         ///< how well it fits the query; the best have most, 0 is not at all
};

/// Chooses among passages, whole ones, in their order. One goes as a duplicate when nearly all its words stand, in the
/// same sequences, in another that is kept, and so does every number, identifier and negation of it. One goes as off
/// topic when it has no word of the query's while others do, or next to none of their score; the best three stay
/// always. With a budget (tokens; 0: none) the best go in first. `tokens`: of each passage.
std::vector<PassageVerdict> judge_passages(std::span<const std::string_view> passages,
                                           std::span<const std::size_t> tokens, std::string_view query,
                                           std::size_t budget);

}  // namespace headroom::mcp
