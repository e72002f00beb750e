#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::align {

/// Where the next byte at or after `at` may be at which a value that varies begins, or a line: everything before it is
/// plain words and what stands between them. May be a byte that is none, so whoever asks looks at it. Most of a prompt
/// is prose, which goes by sixteen bytes at a time.
std::size_t next_value_start(std::string_view text, std::size_t at);

}  // namespace headroom::align
