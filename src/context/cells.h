#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::context {

/// The columns of a table that blanks align, by its header: which of them a row leaves empty is not to be told by its
/// words alone, as a name under "OWNER" may have moved under "REVIEWER".
class Cells {
 public:
  /// The first of the lines in which two blanks or more part words is the header, if it is one of the first few and has
  /// no bars, which tell cells apart themselves.
  explicit Cells(std::span<const std::string_view> lines);

  /// Appends a byte for each column that the row leaves empty.
  void append_empty(std::string_view row, std::string& out) const;

 private:
  std::vector<std::size_t> starts_;
};

}  // namespace headroom::context
