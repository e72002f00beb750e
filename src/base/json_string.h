#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::base {

/// The text that a JSON string literal stands for. `literal` includes its quotes. kParse for a bad escape, a raw
/// control character, or a lone surrogate: such a literal has no UTF-8 text, so it must be left as it is.
Result<std::string> decode_json_string(std::string_view literal);

/// A JSON string literal, quotes included, for UTF-8 `text`. Escapes only what JSON demands (quote, backslash,
/// controls).
std::string encode_json_string(std::string_view text);

/// Appends the same literal to `out`.
void append_json_string(std::string& out, std::string_view text);

/// The first byte from `at` on that a JSON string escapes, or the text's end. Looks at eight bytes at once.
std::size_t plain_until(std::string_view text, std::size_t at);

}  // namespace headroom::base
