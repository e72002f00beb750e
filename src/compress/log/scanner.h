#pragma once

#include <cstdint>
#include <string_view>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// Cuts text into lines and tokens in one pass over its bytes: numbers, ids and terminal escapes are masked in the
/// hashes, so that lines which differ in those only share a shape. Time stamps and indentation are found on the way.
Document scan(std::string_view text);

/// Offset behind the terminal escape sequence that begins at `at`.
std::size_t skip_escape(std::string_view text, std::size_t at);

/// Token::last_word of a token that ends with this (lower-case) run of letters.
std::uint32_t word_hash(std::string_view lower_case);

/// Token::hash of a token that is this (lower-case) run of letters and nothing else.
std::uint32_t token_hash(std::string_view lower_case);

}  // namespace headroom::compress::log
