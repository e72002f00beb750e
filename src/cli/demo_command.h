#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom demo`.
CommandSpec demo_command();

}  // namespace headroom::cli
