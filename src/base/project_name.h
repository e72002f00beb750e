#pragma once

#include <string_view>

namespace headroom::base {

/// May be the name of a project: 1 to 128 bytes of UTF-8 without control characters and slashes, and none of "." and
/// "..".
bool is_project_name(std::string_view text);

inline constexpr std::string_view kProjectNameRule =
    "a project's name is 1 to 128 bytes of UTF-8 without control characters and slashes, and neither \".\" nor \"..\"";

}  // namespace headroom::base
