#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agents/clients.h"
#include "agents/plan.h"
#include "base/result.h"
#include "cli/command.h"
#include "cli/listener.h"

namespace headroom::cli {

/// A proxy that this process may use until the handle goes.
struct SharedProxy {
  int port = 0;
  bool started = false;  ///< by this call
  std::shared_ptr<void> mark;
  agents::Upstreams upstreams = {};  ///< that it was asked for with
  std::string root() const;          ///< "http://127.0.0.1:8787"
};

/// The upstreams that a proxy of this process's settings has, with `wanted` instead where that says something.
agents::Upstreams upstreams_with(const config::Options& options, const agents::Upstreams& wanted);

/// A running proxy of this version with these upstreams, on the port of the settings or one of those after it; started
/// when there is none. It ends when the last of its clients has gone. `agent` is who uses it; `notes` gets what the
/// user should know.
base::Result<SharedProxy> share_proxy(const Invocation& invocation, std::string_view agent,
                                      const agents::Upstreams& wanted, std::vector<std::string>& notes);

/// The settings of this call as words of a command line that means the same in every folder; flags that are `left_out`
/// are not among them.
std::vector<std::string> words_of_settings(const Invocation& invocation, bool (*left_out)(std::string_view flag));

/// Situation::own_proxy for this process's settings. An address where nothing runs is one of ours when its port is one
/// that we would take for a proxy.
std::optional<agents::Upstreams> own_proxy(const config::Resolved& config, std::string_view url);

/// kInvalidArgument when a proxy with these settings would send requests to itself.
base::Result<void> check_upstreams(const config::Options& options);

/// Counts this process among the clients of whatever proxy is on the port of the settings, without a look at it.
base::Result<SharedProxy> join_proxy(const config::Options& options, std::string_view agent);

/// Where the clients of the proxy on that port are counted.
std::string clients_folder(const config::Options& options, int port);
/// What holds the clients' folders of all ports. Whoever changes an agent's files, or puts them back, holds its lock.
std::string all_clients_folder(const config::Options& options);
/// The journal of changed settings files.
std::string journal_folder(const config::Options& options);

/// Ends this process, as by SIGTERM, once no client of the folder is left, and takes back what clients that were killed
/// had changed in files; a thread of its own, until it is destroyed.
class ClientWatch {
 public:
  ClientWatch(std::string folder, std::string journal);
  ~ClientWatch();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headroom::cli
