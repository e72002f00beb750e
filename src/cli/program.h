#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/console.h"

namespace headroom::cli {

/// "0.1.0".
std::string_view version();

/// The whole program; `words` is the command line without the program's name. Gives the exit code.
int run_program(std::span<const std::string> words, Console& console);

}  // namespace headroom::cli
