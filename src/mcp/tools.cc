#include "mcp/tools.h"

namespace headroom::mcp {

std::vector<Tool> headroom_tools(const Workbench& bench) {
  std::vector<Tool> tools;
  add_compress_tools(bench, tools);
  tools.push_back(retrieve_tool(bench));
  tools.push_back(stats_tool(bench));
  tools.push_back(passages_tool(bench));
  tools.push_back(read_tool(bench));
  return tools;
}

}  // namespace headroom::mcp
