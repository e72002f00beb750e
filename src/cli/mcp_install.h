#pragma once

#include "cli/command.h"

namespace headroom::cli {

/// `headroom mcp install|uninstall|status`: our entry among the MCP servers of agents, in their own files, through the
/// journal that takes it back to the byte.
base::Result<ExitCode> mcp_install(const Invocation& invocation);
base::Result<ExitCode> mcp_uninstall(const Invocation& invocation);
base::Result<ExitCode> mcp_status(const Invocation& invocation);

}  // namespace headroom::cli
