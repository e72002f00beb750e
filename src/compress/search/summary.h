#pragma once

#include <cstddef>
#include <string>

#include "compress/search/document.h"
#include "compress/search/render.h"

namespace headroom::compress::search {

/// What a gap of rows [first, last) says: the files that it passes over, unless it is `open`, whose rows stand before
/// it.
std::string gap_summary(const Document& document, std::size_t first, std::size_t last, std::uint32_t open);

/// What the handle says: how much is left out, and where, by folder. At most about `room` bytes.
std::string handle_summary(const Document& document, const Keep& keep, std::size_t room);

}  // namespace headroom::compress::search
