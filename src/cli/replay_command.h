#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// headroom replay: what recorded sessions would have cost through Headroom.
CommandSpec replay_command();

}  // namespace headroom::cli
