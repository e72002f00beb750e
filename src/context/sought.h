#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace headroom::context {

/// Words of what the assistant says it looks for: numbers of three digits and more, and words of four letters and more
/// that are no small words.
class Sought {
 public:
  /// Nothing is looked for.
  Sought() = default;

  /// Those words of `intent` that more lines of `now` name than lines of `before`, but not most of its lines: what an
  /// earlier result left out, because nobody looked for it then.
  Sought(std::string_view intent, std::string_view now, std::string_view before);

  bool empty() const { return words_.empty(); }
  /// The line names something that is looked for.
  bool named_in(std::string_view line) const;

 private:
  std::unordered_set<std::string> words_;
};

}  // namespace headroom::context
