#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::base {

/// RFC 4648, with padding.
std::string base64_encode(std::string_view bytes);
/// nullopt for what is none, or has no padding.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace headroom::base
