#pragma once

#include <string>
#include <vector>

#include "cli/agent_context.h"
#include "cli/command.h"

namespace headroom::cli {

/// One thing that was looked at.
struct Finding {
  enum class Status { kPass, kWarn, kFail };
  Status status = Status::kPass;
  std::string name;     ///< "proxy", "routing: claude", ...
  std::string summary;  ///< what is so
  std::string mend;     ///< the command that mends it, or what else to do; empty where nothing is wrong
};

/// Looks at everything. With `fix`, mends first what can be mended without loss: changes of wraps that ended,
/// permissions of the workspace. Nothing leaves the machine.
std::vector<Finding> examine(const Invocation& invocation, AgentContext& context, bool fix);

}  // namespace headroom::cli
