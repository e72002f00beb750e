#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "context/asked_again.h"
#include "context/asked_terms.h"

namespace headroom::context {

/// What a new question is about, in the results that were shortened when another was asked.
class AskedAnew {
 public:
  /// `told`: what stands behind earlier questions. Views must live as long.
  explicit AskedAnew(std::string_view question, std::vector<std::string_view> told = {});

  /// Indices of those results of which lines were left out that the question may need, at most kMostResults, the
  /// likeliest first: they hold a name or words of the question that few of their lines have. `only_names`: a name.
  std::vector<std::size_t> likely(std::span<const Shortened> results, bool only_names) const;

  /// `again` is the result as it would be shown to who asks this now. The lines that it shows and `result.sent` does
  /// not, where they, or what they stand below, say what the question names; at most about kMostAnewTokens.
  std::vector<AskedRecords> lines_of(const Shortened& result, std::string_view again) const;

  /// Of JSON, whose lines are seldom shown as they are: members and values that the question names and of which
  /// something is not sent; none where these are more than about 600 tokens.
  std::vector<AskedRecords> members_of(const Shortened& result) const;

 private:
  struct Run;
  std::vector<std::uint8_t> shown(std::span<const std::string_view> lines, const Shortened& result) const;
  double left_out_weight(const Shortened& result, const FoundTerms& found) const;
  static void weigh(Run& run, const OutlinedText& text, const FoundTerms& found);

  std::vector<AskedTerm> terms_;
  std::vector<std::string_view> told_;
};

constexpr std::size_t kMostResults = 3;
constexpr std::size_t kMostAnewTokens = 2000;

}  // namespace headroom::context
