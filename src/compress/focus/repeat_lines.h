#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headroom::compress::focus {

/// Lines that stand above already, three or more together, become "<<120-131: as 40-51>>": nothing is lost, and
/// expand_lines() gives the exact bytes back. Lines that `asked` marks stay where they are. nullopt: nothing to fold.
std::optional<std::string> fold_lines(std::string_view text, std::span<const std::uint8_t> asked = {});

std::string expand_lines(std::string_view folded);

}  // namespace headroom::compress::focus
