#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::code {

/// A text as a tool shows a file: code lines, perhaps behind a gutter of line numbers ("   12\tcode", "12: code",
/// "12|code"), perhaps with lines around them that are not the file's (a fence, "<file>", a closing remark).
struct Listing {
  std::vector<std::string_view> lines;  ///< of the whole text, without '\n'
  std::size_t first = 0, last = 0;      ///< lines [first, last) are code; row r of `code` is lines[first + r]
  std::vector<std::uint32_t> gutter;    ///< bytes of the gutter, per row of code; empty when there is none
  std::uint64_t first_number = 0;       ///< what the gutter says of row 0
  std::string code;                     ///< the rows without gutter, each with '\n'

  std::size_t rows() const { return last - first; }
};

Listing read_listing(std::string_view text);

/// Length of a gutter at the start of `line` and the number that it shows; 0 when there is none.
std::size_t gutter_of(std::string_view line, std::uint64_t& number);

}  // namespace headroom::compress::code
