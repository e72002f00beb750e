#pragma once

#include <string>
#include <string_view>

#include "base/json_document.h"

namespace headroom::compress::json {

// How a JSON value is spelled inside a table. A cell is one of
//   nothing                    the member is missing
//   JSON that starts with " { [   that value
//   number, true, false, null  that value (in a column marked ":text" a string all the same)
//   anything else              a string, verbatim
// A string that holds a backslash is always written as its own literal, so every spelling survives the round trip.

/// Header name of the only column of a map whose members are plain values.
inline constexpr std::string_view kValueColumn = "(value)";

/// True when `text` is spelled like a JSON number.
bool is_number(std::string_view text);

/// True for a number, true, false and null: what a bare cell stands for when it is no string.
bool is_bare_literal(std::string_view text);

/// Appends `raw` (valid JSON) without the white space between its tokens; strings and numbers keep their bytes.
void append_minified(std::string& out, std::string_view raw);

/// True when the string node can stand without quotes in a cell. `text_column`: the header says all cells are strings.
bool is_plain_string(const base::JsonNode& node, bool text_column);

/// Appends the cell for `node`.
void append_cell(std::string& out, const base::JsonNode& node, bool text_column);

/// Appends the JSON that a non-empty cell stands for; the inverse of append_cell.
void append_cell_value(std::string& out, std::string_view cell, bool text_column);

/// Appends one segment of a column name: the key's own bytes when they cannot be misread, else its literal.
void append_segment(std::string& out, std::string_view key_raw);

/// End of the JSON string literal that starts at text[at] (position after its closing quote), or npos.
std::size_t literal_end(std::string_view text, std::size_t at);

}  // namespace headroom::compress::json
