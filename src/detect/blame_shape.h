#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/detect.h"

namespace headroom::detect {

/// Lines of a file behind who changed each last, as `git blame` prints them.
std::optional<Detection> blame_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
