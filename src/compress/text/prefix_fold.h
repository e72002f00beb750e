#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::text {

/// Writes what neighbouring lines begin with once: after "<<next 30 lines begin with: PREFIX>>" those lines stand
/// without it. expand_prefixes() gives the exact bytes back. nullopt: nothing to gain, or the text holds such a line
/// already.
std::optional<std::string> fold_prefixes(std::string_view text);

/// The inverse of fold_prefixes().
std::string expand_prefixes(std::string_view folded);

}  // namespace headroom::compress::text
