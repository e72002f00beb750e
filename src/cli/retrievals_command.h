#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom retrievals`: what models asked for of what was left out, what follows from it, and forgetting that.
CommandSpec retrievals_command();

}  // namespace headroom::cli
