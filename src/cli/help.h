#pragma once

#include <string>

#include "cli/command.h"

namespace headroom::cli {

/// `headroom --help`.
std::string program_help(const Console& console);
/// `headroom COMMAND --help`.
std::string command_help(const CommandSpec& command, const Console& console);

}  // namespace headroom::cli
