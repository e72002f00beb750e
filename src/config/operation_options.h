#pragma once

#include <vector>

#include "config/option_table.h"

namespace headroom::config {

/// The lines of the table about running the proxy for others and for long: who may use it, by which way it goes out,
/// what it may spend.
std::vector<OptionSpec> operation_options();

}  // namespace headroom::config
