#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace headroom::compress::json {

/// The columns of a header as the tree of keys that they came from, in order.
struct Key {
  std::string literal;                ///< the key as JSON
  bool element = false;               ///< "name[0]": the object stands in an array of one
  std::vector<std::size_t> children;  ///< group: indexes into Header::keys
  std::size_t column = std::string::npos;
};

/// One column as its header cell tells it: name, tuple and marks.
struct HeaderColumn {
  std::string name;
  std::vector<std::string> tuple;
  bool text = false;
  bool in_rows = true;
  bool children = false;
  std::string fallback;                    ///< JSON; empty for "missing"
  std::size_t source = std::string::npos;  ///< column that the value is derived from; npos: none
  std::string prefix, suffix;              ///< ... and what stands around its text
};

/// A table's header line, read; the inverse of what write_table() puts there.
struct Header {
  std::vector<HeaderColumn> columns;
  std::vector<Key> keys;  ///< keys[0] is the row itself
  std::unordered_map<std::string, std::size_t> by_name;
  bool entries = false;
};

/// kParse for a line that no table begins with.
base::Result<Header> parse_header(std::string_view line, bool entries, bool lists);

/// The JSON that a non-empty cell of the column stands for.
std::string cell_json(const HeaderColumn& column, std::string_view text);

/// Position of the first of `stops` that stands in no string literal, or npos.
std::size_t find_outside_quotes(std::string_view text, std::string_view stops, std::size_t at = 0);

/// The cells of a line; views into it.
std::vector<std::string_view> split_tabs(std::string_view line);

}  // namespace headroom::compress::json
