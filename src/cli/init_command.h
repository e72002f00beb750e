#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec init_command();
CommandSpec install_command();

}  // namespace headroom::cli
