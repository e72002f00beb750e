#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom retrieve`.
CommandSpec retrieve_command();

}  // namespace headroom::cli
