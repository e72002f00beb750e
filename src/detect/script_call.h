#pragma once

#include <string_view>

#include "detect/tool_call.h"

namespace headroom::detect {

/// Agents that let a model write a script call their tools from it: await tools.exec_command({cmd: "cat app.py"}). What
/// the calls say as far as their arguments are written out: the commands in their order, and of a single call its other
/// members. Nothing for a text that is no such script.
ToolCall read_script_call(std::string_view script);

}  // namespace headroom::detect
