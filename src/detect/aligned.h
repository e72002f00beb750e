#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::detect {

/// A table whose cells stand under their titles, parted by white space: `ps`, `df`, `kubectl get`, `docker ps`.
struct AlignedTable {
  std::size_t header = 0;     ///< line of the titles
  std::size_t first_row = 0;  ///< after the header and a rule of dashes, where there is one
  std::size_t end = 0;        ///< line after the last row
  /// Where each column begins, in characters; the cell of a row is what stands between two of them. Empty when cells
  /// are told apart by white space alone.
  std::vector<std::size_t> starts;
  std::size_t columns = 0;
  std::size_t rows = 0;  ///< lines that fit
};

/// The first such table of a text: a line of titles and at least three rows below it. Lines before and after it may be
/// anything; the table ends at a blank line.
std::optional<AlignedTable> find_aligned(std::span<const std::string_view> lines);

/// The cells of a row, trimmed, one for each column; false (and nothing of use in `cells`) when the line is no row.
bool split_aligned(const AlignedTable& table, std::string_view line, std::vector<std::string_view>& cells);

/// The titles, joined where a title has several words.
std::vector<std::string_view> aligned_titles(const AlignedTable& table, std::string_view header);

/// A line of dashes or equal signs in groups, as stands under titles.
bool is_rule_line(std::string_view line);

}  // namespace headroom::detect
