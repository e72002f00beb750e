#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/caller.h"
#include "mcp/files.h"
#include "mcp/resources.h"
#include "mcp/tool.h"

namespace headroom::mcp {

/// A method that a server has beside those that every server has.
struct Method {
  std::string_view name;
  std::string_view capability;               ///< that is declared for it
  std::string_view capability_value = "{}";  ///< JSON; the first of several methods counts
  bool in_sessions = true;
  bool stateless = true;
  std::function<Answer(Caller&)> call;  ///< any thread; the result as a JSON object
};

/// What a server offers, the same for all its sessions.
struct Server {
  std::string name, title, version;
  std::string instructions;  ///< for the model
  std::vector<Tool> tools;
  Resources* resources = nullptr;  ///< nullptr: none
  FileAccess files;                ///< open to every client; empty: what each names (its roots)
  bool logs = false;               ///< its tools have messages for people, of which clients choose the level
  std::vector<Method> methods = {};
};

}  // namespace headroom::mcp
