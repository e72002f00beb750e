#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// "12,14c11" of diff's normal format: which lines go, and what number the new ones get.
struct NormalHeading {
  std::uint32_t removed = 0, added = 0;  ///< lines of each side that follow
  std::uint32_t place = 0;               ///< in the new file
};

/// nullopt when the line is no such heading.
std::optional<NormalHeading> read_normal_heading(std::string_view line);

/// Lines of the hunk whose heading is the first of `lines`, itself included; 0 when what follows is not what the
/// heading says.
std::size_t normal_hunk_size(std::span<const std::string_view> lines);

/// Recognises the output of diff without -u: nearly all lines are of such hunks or between files.
std::optional<Detection> diff_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
