#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom compress`.
CommandSpec compress_command();

}  // namespace headroom::cli
