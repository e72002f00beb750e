#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::compress::html {

/// How many bytes of the text are status lines and header fields, which `curl -i` prints before the page; 0 for none.
std::size_t head_length(std::string_view text);

}  // namespace headroom::compress::html
