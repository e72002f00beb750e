#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// Lines that all begin with the same label and a colon, which a tool puts before what it says.
std::optional<Detection> labelled_shape(std::span<const std::string_view> lines);

/// Records of fields, "Key: value" a line, several of which have the same keys: what is told of packages, processors,
/// devices. Settings are told apart before.
std::optional<Detection> record_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
