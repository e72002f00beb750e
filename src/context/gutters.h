#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headroom::context {

/// What a viewer puts before the lines of a file: their numbers.
struct Gutters {
  std::vector<std::uint32_t> bytes;  ///< before the text of each line; 0: it has no number
  std::size_t first_number = 0;      ///< line i, counted from 0, has the number first_number + i, modulo 2^64
};

/// nullopt where the text is no file with numbers; it may stand under lines of the viewer's.
std::optional<Gutters> gutters_of(std::string_view text);

}  // namespace headroom::context
