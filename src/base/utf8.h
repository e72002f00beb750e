#pragma once

#include <string>
#include <string_view>

namespace headroom::base {

/// True when the bytes are well-formed UTF-8.
bool is_utf8(std::string_view text);

/// The text with U+FFFD for each byte that is not part of well-formed UTF-8.
std::string repaired_utf8(std::string_view text);

}  // namespace headroom::base
