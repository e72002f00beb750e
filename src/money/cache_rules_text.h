#pragma once

#include <string_view>

namespace headroom::money {

/// cache_rules.tsv, as it was when the program was built.
extern const std::string_view kCacheRulesText;

}  // namespace headroom::money
