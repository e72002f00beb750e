#pragma once

#include <string_view>

namespace headroom::compress::diff {

/// What nobody reads line by line: "lock file", "minified", "generated", "vendored", "snapshot"; empty for all others.
std::string_view machine_made(std::string_view path);

}  // namespace headroom::compress::diff
