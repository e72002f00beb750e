#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/detect.h"

namespace headroom::detect {

/// What a program says of its options or commands: a usage line or a heading, and many lines that begin with an option,
/// or with a name and what that does in a column of its own.
std::optional<Detection> option_list_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
