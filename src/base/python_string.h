#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::base {

/// The text that a string of Python stands for, as repr() writes it: in single or double quotes, which `literal`
/// includes, without a prefix. nullopt for a bad escape, a line break, a lone surrogate or a quote within.
std::optional<std::string> decode_python_string(std::string_view literal);

}  // namespace headroom::base
