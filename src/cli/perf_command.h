#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom perf`.
CommandSpec perf_command();

}  // namespace headroom::cli
