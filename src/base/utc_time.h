#pragma once

#include <cstdint>
#include <string_view>

namespace headroom::base {

/// "2026-11-25T11:38:09.123Z" (or with an offset) as milliseconds since the Unix epoch; 0 for anything else.
std::int64_t parse_time(std::string_view text);

}  // namespace headroom::base
