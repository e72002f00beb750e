#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom config`.
CommandSpec config_command();

}  // namespace headroom::cli
