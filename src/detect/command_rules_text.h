#pragma once

#include <string_view>

namespace headroom::detect {

/// commands.rules, as it was when the program was built.
extern const std::string_view kCommandRulesText;

}  // namespace headroom::detect
