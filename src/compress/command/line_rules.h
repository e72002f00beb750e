#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "detect/command_rules.h"

namespace headroom::compress::command {

/// What is to become of each line. An entry is empty where the line stays; else it points to the pattern that lets it
/// go.
std::vector<std::string_view> lines_to_drop(std::span<const std::string_view> lines,
                                            std::span<const detect::CommandRule* const> rules,
                                            std::span<const std::uint8_t> asked);

/// A line that tells of something that went wrong, or may have.
bool reports_problem(std::string_view line);

}  // namespace headroom::compress::command
