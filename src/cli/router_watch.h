#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/description.h"
#include "cli/agent_context.h"
#include "cli/command.h"
#include "cli/shared_proxy.h"

namespace headroom::cli {

/// While an agent runs by `headroom wrap`, other programs (switchers of accounts, routers) may put addresses of theirs
/// into the settings that the agent heeds. Instead of fighting, Headroom goes in front: a proxy that sends on to the
/// new address is shared or started, at a port of its own, and the settings name that one. So keys meant for the one
/// router never go to the other, whether the agent takes the change over or not; and once the wrap ends, the journal
/// brings back what the other program wrote. Where the agent was told its address by words of its command line, which
/// win, the change is only told.
class RouterWatch {
 public:
  struct Start {
    const agents::Description& agent;
    std::string behind;           ///< of the proxy's address: "", "/p/NAME"
    std::string root;             ///< of the agent now
    agents::Upstreams upstreams;  ///< of the proxy that the wrap has
    bool told_by_words = false;
    bool say_at_once = false;  ///< else at the end: the terminal is the agent's
  };
  /// Begins, on a thread of its own, which alone uses the context until stop().
  RouterWatch(const Invocation& invocation, AgentContext& context, Start start);
  ~RouterWatch();

  /// Ends it; says what is still to be said. Gives the proxies that are used by now, which must be held until the
  /// settings are back.
  std::vector<SharedProxy> stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headroom::cli
