#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom completions`.
CommandSpec completions_command();

}  // namespace headroom::cli
