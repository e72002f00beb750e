#pragma once

#include <vector>

#include "mcp/tool.h"
#include "mcp/workbench.h"

namespace headroom::mcp {

/// All tools of `headroom mcp serve`, always in this order. `bench` must outlive them.
std::vector<Tool> headroom_tools(const Workbench& bench);

// One function for each file of tools.
void add_compress_tools(const Workbench& bench, std::vector<Tool>& tools);  ///< a text, a file, a command's output
Tool retrieve_tool(const Workbench& bench);
Tool stats_tool(const Workbench& bench);
Tool passages_tool(const Workbench& bench);
Tool read_tool(const Workbench& bench);

}  // namespace headroom::mcp
