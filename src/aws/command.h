#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace headroom::aws {

/// What a command line of `sh` prints on standard output, once it has ended with code 0; at most 64 KiB. Nothing is on
/// its standard input, and what it says on standard error is dropped, as that may hold secrets. kTimeout when it takes
/// longer: it is then killed, with all that it started in its process group. A stop kills it, too. Blocks; any thread.
base::Result<std::string> run_command(const std::string& command, std::chrono::milliseconds timeout,
                                      const std::stop_token& stop);

}  // namespace headroom::aws
