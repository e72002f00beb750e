#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec wrap_command();
CommandSpec unwrap_command();

}  // namespace headroom::cli
