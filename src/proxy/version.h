#pragma once

#include <string_view>

namespace headroom::proxy {

/// Of the program, from the build.
inline constexpr std::string_view kVersion = HEADROOM_VERSION;

}  // namespace headroom::proxy
