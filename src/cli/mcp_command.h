#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec mcp_command();

}  // namespace headroom::cli
