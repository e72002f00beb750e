#include "cli/agent_context.h"

#include <fmt/format.h>

#include "agents/child.h"
#include "cli/shared_proxy.h"

namespace headroom::cli {

AgentContext::AgentContext(const Invocation& invocation)
    : files_(agents::real_files()), journal_(*files_, journal_folder(invocation.options()), clock_) {
  situation_.variable = config::process_environment();
  situation_.home = situation_.variable("HOME").value_or("/");
  situation_.files = files_.get();
  situation_.journal = &journal_;
  situation_.own_proxy = [&config = invocation.config()](std::string_view url) { return own_proxy(config, url); };
}

std::string AgentContext::program_of(const agents::Description& agent) const {
  const std::string path = situation_.variable("PATH").value_or("");
  for (const std::string& name : agent.binaries) {
    if (auto file = agents::find_program(name, path); !file.empty()) return file;
  }
  return {};
}

bool AgentContext::is_found(const agents::Description& agent) {
  return !program_of(agent).empty() || files_->is_folder(agents::home_of(agent, situation_)).value_or(false);
}

base::Result<const agents::Description*> agent_named(std::string_view name) {
  if (const agents::Description* agent = agents::find_agent(name)) return agent;
  std::string names;
  for (const agents::Description& one : agents::all_agents()) names += (names.empty() ? "" : ", ") + one.name;
  return base::fail(base::ErrorCode::kInvalidArgument,
                    fmt::format("there is no agent '{}'; there are {}", name, names));
}

std::string shown_changes(const std::vector<agents::Change>& changes) {
  std::string out;
  for (const agents::Change& change : changes) {
    const std::string before = change.before.value_or(""), after = change.after.value_or("");
    out += change.before == change.after
               ? fmt::format("{}: stays as it is\n", change.file)
               : fmt::format("--- {}{}\n+++ {}{}\n{}", change.file, change.before ? "" : " (none)", change.file,
                             change.after ? "" : " (none)", agents::text_diff(before, after));
    for (const std::string& note : change.notes) out += fmt::format("{}: {}\n", change.file, note);
  }
  return out;
}

}  // namespace headroom::cli
