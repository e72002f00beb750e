#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec models_command();

}  // namespace headroom::cli
