#pragma once

#include <string_view>
#include <vector>

#include "config/option_table.h"

namespace headroom::config {

/// The options that a running proxy takes over: those that only say what is made of a request.
const std::vector<const OptionSpec*>& live_options();

/// The one that an environment name, its own name ("min-tokens") or its key in the file means; nullptr for none.
const OptionSpec* find_live_option(std::string_view name);

/// The live options of `from`, the rest of `base`.
Options with_live_options(Options base, const Options& from);

}  // namespace headroom::config
