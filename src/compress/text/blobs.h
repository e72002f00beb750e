#pragma once

#include <string>
#include <string_view>

namespace headroom::compress::text {

/// What a line holds that no reader reads: "12,345 bytes of base64", "... hex", "... minified JavaScript or CSS"; empty
/// when it is readable or short.
std::string blob_kind(std::string_view line);

}  // namespace headroom::compress::text
