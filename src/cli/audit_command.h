#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec audit_command();

}  // namespace headroom::cli
