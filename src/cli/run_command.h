#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec run_command();

}  // namespace headroom::cli
