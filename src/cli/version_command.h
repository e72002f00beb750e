#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom version`.
CommandSpec version_command();

}  // namespace headroom::cli
