#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::detect {

/// The end of the JSON object or array that opens at `at`, by its brackets and strings; npos when what stands there is
/// no such value. Stops at the first byte that JSON cannot have there, so code and prose cost little. Adds the bytes it
/// looked at to `looked`.
std::size_t json_extent(std::string_view text, std::size_t at, std::size_t& looked);

}  // namespace headroom::detect
