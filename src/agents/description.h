#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/edit/edit.h"
#include "base/result.h"

namespace headroom::agents {

/// A variable that sends an agent through the proxy. In values, {root} is the proxy's URL, {v1} that with /v1.
struct EnvSetting {
  std::string name, value;
  /// Whose requests go where it points: "anthropic", "openai", "gemini", "cloudcode", "vertex", "bedrock", "all"; what
  /// the user has set it to becomes the proxy's upstream for them. Empty: it is no address.
  std::string upstream;
  std::string default_upstream;     ///< where the user has set nothing; empty: the provider's own address
  std::string when;                 ///< see Situation::holds(); empty: always
  std::vector<std::string> unless;  ///< none of these holds
  bool keep = false;                ///< a value of the user's stays
};

/// A key of one of the agent's files.
struct FileSetting {
  std::string file;  ///< {home}, ~ and $NAME are filled in
  Format format = Format::kJson;
  std::string path;
  std::string select;  ///< {SELECT} in `path` and `args` is the value of this key; only what is there is changed then
  std::string value;
  std::string upstream, default_upstream;
  bool each = false;  ///< a [name=value] in the path stands for every such element
  std::string when;   ///< of `durable`: as of EnvSetting
  std::vector<std::string> unless;
  bool weak = false;              ///< of an override: what variables of the process say comes first
  bool heeded = false;            ///< of `durable`: a running agent takes it over, in place of its variables
  std::vector<std::string> args;  ///< words that win over the key, where the file has it
};

/// A part of a settings file that sets variables for the agent, whatever those of its process say.
struct VariablesPlace {
  std::string file;
  Format format = Format::kJson;
  std::string path;
};

/// Where an agent keeps its MCP servers.
struct McpPlace {
  std::vector<std::string> files;  ///< the first whose variables are set counts
  Format format = Format::kJson;
  std::string path;   ///< of our entry
  std::string value;  ///< JSON; {headroom} is the program's path
};

/// All there is to know of an agent; src/agents/catalog/NAME/agent.toml.
struct Description {
  std::string name, title;
  std::vector<std::string> binaries;
  std::vector<std::string> homes;  ///< the first whose variables are set, and that exists, counts; else the last
  std::vector<std::string> args;   ///< words before those of the user
  std::vector<EnvSetting> env;
  std::vector<VariablesPlace> variables;  ///< the first that sets one counts
  std::vector<FileSetting> overrides;  ///< keys of the user's that point elsewhere: what they say becomes the upstream
  std::vector<FileSetting> durable;    ///< for `headroom init`
  std::vector<FileSetting> files;      ///< for `headroom wrap`, where variables are not enough; for init, too
  /// Its program is not run by wrap: it is a desktop program, or a service, that reads its files by itself.
  bool hold = false;
  std::string probe;               ///< what it asks of OpenAI's API, behind "/v1"; empty: /chat/completions
  std::vector<std::string> guide;  ///< what the user has to know or do
  std::optional<McpPlace> mcp;
};

/// Every agent, by name. Read on first use, immutable afterwards.
std::span<const Description> all_agents();
/// nullptr when there is none of that name.
const Description* find_agent(std::string_view name);

/// kParse names the key that is wrong.
base::Result<Description> read_description(std::string_view name, std::string_view toml);

}  // namespace headroom::agents
