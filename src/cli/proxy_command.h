#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom proxy`.
CommandSpec proxy_command();

}  // namespace headroom::cli
