#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "compress/compressor.h"

namespace headroom::compress::focus {

/// Why frames of libraries go.
inline constexpr std::string_view kLibraryFrames = "frames in libraries";
/// ... and what the rules of a command let go.
inline constexpr std::string_view kByRule = "nothing new";

/// What hardly any question is about, whoever printed it.
struct DullLines {
  std::vector<std::string_view> why;  ///< of each line; empty: it says something
  std::vector<bool> own_frames;       ///< frames of stack traces that lie in the program itself

  /// All lines of [first, end) go for this reason; empty where they do not go for one.
  std::string_view reason(std::size_t first, std::size_t end) const;
};

/// Frames of libraries in stack traces, and runs of lines of base64 or hexadecimal digits, where they are only a part
/// of the text; not those that the question is about.
DullLines dull_lines(std::span<const std::string_view> lines, const Query& query);

}  // namespace headroom::compress::focus
