#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::xml {

/// Writes lines that differ only in what stands in quotes and between tags as rows of these values: after
/// "<<next 40 lines give each {} of: <case name="{}" time="{}"/>>>" stand 40 lines such as "opens|0.02". expand_rows()
/// gives the exact bytes back. `asked`: lines that stay as they are; empty: none. nullopt: nothing to gain, or the text
/// holds such a line already.
std::optional<std::string> fold_rows(std::string_view text, const std::vector<std::uint8_t>& asked);

/// The text is such an output, or reads like one.
bool has_rows(std::string_view text);

/// The inverse of fold_rows().
std::string expand_rows(std::string_view folded);

}  // namespace headroom::compress::xml
