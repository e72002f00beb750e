#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom purge`.
CommandSpec purge_command();

}  // namespace headroom::cli
