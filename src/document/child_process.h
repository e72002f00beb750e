#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace headroom::document {

/// Runs `work` in a child process, so that a library that damaged input brings down takes nothing with it, and gives
/// what `work` returned. The child inherits this process's memory as it is, writes to no file, says nothing on standard
/// error, and gets `seconds` of processor time. kParse when it died, kIo when there is no process to be had. POSIX
/// only.
base::Result<std::string> in_child_process(const std::function<std::string()>& work, unsigned seconds);

}  // namespace headroom::document
