#pragma once

#include <string_view>

namespace headroom::base {

/// True when the whole name fits the pattern: '*' stands for any run, '?' for one character, letters regardless of
/// case.
bool glob_matches(std::string_view pattern, std::string_view name);

}  // namespace headroom::base
