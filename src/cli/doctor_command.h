#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec doctor_command();

}  // namespace headroom::cli
