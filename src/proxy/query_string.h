#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::proxy {

/// %XX and '+' undone; a broken escape stays as it is.
std::string percent_decode(std::string_view text);

/// Decoded value of the first parameter of that name in "a=b&c=d".
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

}  // namespace headroom::proxy
