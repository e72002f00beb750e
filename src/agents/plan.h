#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/description.h"
#include "agents/journal/journal.h"

namespace headroom::agents {

using Variables = std::function<std::optional<std::string>(std::string_view)>;

/// Upstreams of a proxy, by the name of the option without its "-api-url".
using Upstreams = std::map<std::string, std::string>;

/// The machine as an agent's description is read against it.
struct Situation {
  Variables variable;
  std::string home;                ///< of the user
  std::vector<std::string> flags;  ///< "--subscription", ...
  Files* files = nullptr;          ///< to read settings with
  Journal* journal = nullptr;      ///< knows what settings were before we changed them; may be nullptr
  /// For an address that is a proxy of ours, and so no upstream: the upstreams that it has beyond what our own settings
  /// say (none when nothing runs there now). nullopt for all other addresses.
  std::function<std::optional<Upstreams>(std::string_view url)> own_proxy = [](std::string_view) {
    return std::optional<Upstreams>();
  };

  /// A condition: "NAME" is set (and not 0 or false), "NAME=text" begins with it, "--flag" was given.
  bool holds(std::string_view condition) const;
};

/// `text` with ~ and $NAME filled in; nullopt when a variable is not set.
std::optional<std::string> filled_in(std::string_view text, const Situation& situation);

/// The same machine, with the variables that settings files of the agent set, but for what we have put there; a file
/// that cannot be read sets none.
Situation with_variables_of(const Description& agent, const Situation& situation);

/// Whether a variable, or a key, is set for what the machine is.
bool applies(const EnvSetting& setting, const Situation& situation);
bool applies(const FileSetting& setting, const Situation& situation);

/// A value with the proxy's address filled in.
std::string with_address(std::string_view value, std::string_view root);

/// The folder of the agent's settings.
std::string home_of(const Description& agent, const Situation& situation);

/// The file of a setting, filled in; nullopt when a variable in it is not set.
std::optional<std::string> settings_file(const FileSetting& setting, const Description& agent,
                                         const Situation& situation);

/// Where `mcp` says that the agent keeps its servers, and our entry for it, with the program at `program`.
struct McpEntry {
  std::string file;
  KeyEdit edit;
};
std::optional<McpEntry> mcp_entry(const Description& agent, const Situation& situation, std::string_view program);

/// What sends an agent through a proxy.
struct Routing {
  std::vector<std::pair<std::string, std::string>> env;
  std::vector<std::string> args;  ///< before those of the user
  std::vector<FileEdits> files;
  Upstreams upstreams;             ///< that the proxy must have
  std::vector<std::string> notes;  ///< for the user
};

/// For `headroom wrap`: a process of the agent, with the proxy at `root` ("http://127.0.0.1:8787"). kParse when a file
/// of the agent's that matters cannot be read.
base::Result<Routing> wrap_routing(const Description& agent, const Situation& situation, std::string_view root);

/// A key that a running agent heeds.
struct LiveKey {
  std::string file;    ///< real path
  std::string before;  ///< what it is without us; empty: it is not there, or no text
  std::string now;     ///< what it says
  /// It says what we have written, in whatever wrap.
  bool ours() const { return now != before; }
};

/// What is to be in settings files for an agent that runs by `headroom wrap` already, as they are now.
struct LiveRouting {
  Upstreams upstreams;  ///< as in wrap_routing()
  std::vector<FileEdits> files;
  std::vector<LiveKey> keys;  ///< that the edits are of
};

/// For a wrap whose agent runs: other programs may have changed its files since.
base::Result<LiveRouting> live_routing(const Description& agent, const Situation& situation, std::string_view root);

/// Files that live_routing() reads, whether they are there or not.
std::vector<std::string> live_files(const Description& agent, const Situation& situation);

/// For `headroom init`: every process of the agent from now on. kInvalidArgument when the agent has no setting for it.
base::Result<Routing> init_routing(const Description& agent, const Situation& situation, std::string_view root);

}  // namespace headroom::agents
