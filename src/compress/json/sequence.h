#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::json {

// What stands before the table or the values of a text that holds more than one JSON value.
inline constexpr std::string_view kLines = "NDJSON ";            ///< one value a line
inline constexpr std::string_view kApart = "JSON values ";       ///< with white space between them
inline constexpr std::string_view kTouching = "joined values ";  ///< with nothing between them

/// JSON objects and arrays that stand one after another, as jq and many streaming tools print them.
struct Sequence {
  std::vector<std::string_view> values;  ///< views into the text; brackets match, the rest is for a parser to check
  bool touching = false;                 ///< nothing stands between the values
};

/// nullopt when the text is anything but two or more such values with white space between all of them or none.
std::optional<Sequence> split_sequence(std::string_view text);

/// The values as the items of one JSON array.
std::string joined(const Sequence& sequence);

}  // namespace headroom::compress::json
