#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/journal/journal.h"
#include "agents/plan.h"
#include "base/clock.h"
#include "cli/command.h"

namespace headroom::cli {

/// What the commands about agents work with; must outlive what they make of it.
class AgentContext {
 public:
  explicit AgentContext(const Invocation& invocation);

  agents::Situation& situation() { return situation_; }
  agents::Journal& journal() { return journal_; }
  agents::Files& files() { return *files_; }

  /// File of the agent's program; "" when it is not on the PATH.
  std::string program_of(const agents::Description& agent) const;
  /// True when its program or its settings are on this machine.
  bool is_found(const agents::Description& agent);

 private:
  std::unique_ptr<agents::Files> files_;
  base::SystemClock clock_;
  agents::Situation situation_;
  agents::Journal journal_;
};

/// kNotFound names those there are.
base::Result<const agents::Description*> agent_named(std::string_view name);

/// Changes as people read them: a diff of each file, and the notes.
std::string shown_changes(const std::vector<agents::Change>& changes);

}  // namespace headroom::cli
