#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headroom::detect {

/// One record of a delimited text. It may stand on several lines, where a quoted cell holds line breaks.
struct DelimitedRecord {
  std::size_t begin = 0, end = 0;  ///< bytes of the text, without the line end
  std::uint32_t first_cell = 0;
  std::uint32_t cells = 0;
};

/// Comma, tab, semicolon or bar separated values, as RFC 4180 has them. A quote that is never closed is an ordinary
/// character, and so are all quotes after it.
struct DelimitedText {
  std::vector<DelimitedRecord> records;  ///< blank lines are none
  std::vector<std::string_view> cells;   ///< as they stand, quotes included; views into the text
};
DelimitedText read_delimited(std::string_view text, char delimiter);

struct Delimiter {
  char character = ',';
  std::uint32_t columns = 0;  ///< cells of nearly every record
  std::uint32_t least = 0;    ///< ... or, where empty cells at the end are left out, fewer, down to this
  std::size_t records = 0;    ///< that have so many
};
/// The character that parts nearly all records of the text into the same number of cells, when they look like records:
/// names or values, not sentences and not code. Looks at the first 64 KiB.
std::optional<Delimiter> find_delimiter(std::string_view text);

}  // namespace headroom::detect
