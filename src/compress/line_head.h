#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress {

/// What the head of lines that are written shorter begins with.
inline constexpr std::string_view kLineHeadOpen = "<<next ";

/// "<<next 30 lines begin with: PREFIX>>": how many lines below it are written shorter, and what they have in common.
struct LineHead {
  std::size_t lines = 0;
  std::string_view shared;  ///< a view of the line that was read
};

/// The head with its line end. `how`: " lines begin with: ", or what else says how the lines come back.
std::string line_head(std::size_t lines, std::string_view how, std::string_view shared);

/// The inverse; nullopt for any other line.
std::optional<LineHead> read_line_head(std::string_view line, std::string_view how);

}  // namespace headroom::compress
