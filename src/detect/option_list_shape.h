#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/detect.h"

namespace headroom::detect {

/// What a program says of its options: a usage line or a heading, and many lines that begin with an option.
std::optional<Detection> option_list_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
