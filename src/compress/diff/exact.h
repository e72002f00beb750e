#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headroom::compress::diff {

/// A diff with lines that stand above referred to (focus::fold_lines) and headers said once (fold_headers), whichever
/// of them gains something. Nothing is lost: expand_exact() gives the exact bytes back, and a text for which it would
/// not is left alone.
std::optional<std::string> fold_exact(std::string_view text, std::span<const std::uint8_t> asked = {});

std::string expand_exact(std::string_view folded);

}  // namespace headroom::compress::diff
