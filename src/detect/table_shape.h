#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/detect.h"

namespace headroom::detect {

/// A table and nothing much else: delimited values, drawn or aligned columns. nullopt for logs, code and prose that
/// merely hold the same marks. `lines` are those of the sample `text`.
std::optional<Detection> table_shape(std::string_view text, std::span<const std::string_view> lines);

}  // namespace headroom::detect
