#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::base {

/// True when the bytes are well-formed UTF-8.
bool is_utf8(std::string_view text);

/// The text with U+FFFD for each byte that is not part of well-formed UTF-8.
std::string repaired_utf8(std::string_view text);

/// The beginning of the text, of at most so many bytes and without a character cut in two.
std::string_view beginning(std::string_view text, std::size_t most);

}  // namespace headroom::base
