#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom::context {

/// Tells how much of a text stands in others, line by line: tests that run again with another flag print nearly the
/// same. The text must outlive it.
class AlikeText {
 public:
  explicit AlikeText(std::string_view text);

  /// Percent of the text's bytes in lines that the other text has as well; 0 where the other is much shorter or longer.
  std::size_t percent_in(std::string_view other) const;

 private:
  std::string_view text_;
  std::vector<std::pair<std::uint64_t, std::size_t>> lines_;  ///< hash and bytes of each
  std::size_t bytes_ = 0;                                     ///< of all of them
};

}  // namespace headroom::context
