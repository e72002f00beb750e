#pragma once

#include "cli/command.h"

namespace headroom::cli {

CommandSpec update_command();

/// After a command that a person has run: says that there is a newer release, at most once a day, and has it looked for
/// by a process of its own, which nobody waits for. Nothing where standard error is no terminal, in CI, offline, or
/// when the settings say so.
void mention_update(const CommandSpec& command, const config::Options& options, Console& console);

}  // namespace headroom::cli
