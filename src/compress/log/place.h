#pragma once

#include <string_view>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// The place that a line is about, when it begins with one ("src/a.c:7:3: ...", "src/a.ts(7,3): ...", "-->
/// src/a.rs:7"): the file, and the line where it is told, without the column. Empty for any other line.
std::string_view place_of(const Document& document, const Line& line);

/// Number of tokens at the begin of the line that make up its place; 0 when it has none.
std::uint32_t place_tokens(const Document& document, const Line& line);

}  // namespace headroom::compress::log
