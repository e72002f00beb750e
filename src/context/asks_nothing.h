#pragma once

#include <string_view>

namespace headroom::context {

/// "Go on", "yes, do it", "ok, staging is fine": it agrees to what was said before, whose question stands.
bool only_agrees(std::string_view message);

/// "Fix it", "please try again": it names nothing that could stand in a tool's output.
bool names_nothing(std::string_view message);

}  // namespace headroom::context
