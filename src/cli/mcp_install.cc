#include "cli/mcp_install.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "agents/child.h"
#include "base/json_writer.h"
#include "cli/agent_context.h"
#include "cli/table.h"

namespace headroom::cli {
namespace {

using agents::Change;
using agents::Description;

constexpr std::string_view kOwner = "mcp ";

/// How an agent has us among its servers.
enum class State { kAbsent, kInstalled, kOther, kUnreadable };

std::string_view state_name(State state) {
  switch (state) {
    case State::kAbsent:
      return "not installed";
    case State::kInstalled:
      return "installed";
    case State::kOther:
      return "another entry";
    case State::kUnreadable:
      return "cannot be read";
  }
  return "";
}

/// An agent, and what is to be said of it.
struct Place {
  const Description* agent;
  agents::McpEntry entry;
  State state = State::kAbsent;
  std::string note;
};

bool same_json(std::string_view a, std::string_view b) {
  return agents::canonical_json(a).value_or(std::string(a)) == agents::canonical_json(b).value_or(std::string(b));
}

Place unreadable(Place place, std::string why) {
  place.state = State::kUnreadable;
  place.note = std::move(why);
  return place;
}

/// nullopt for an agent that has no place for MCP servers.
std::optional<Place> place_of(const Description& agent, AgentContext& context, std::string_view program) {
  auto entry = agents::mcp_entry(agent, context.situation(), program);
  if (!entry) return std::nullopt;
  Place place{&agent, *std::move(entry)};
  const auto file = context.files().read(place.entry.file);
  if (!file) return unreadable(std::move(place), file.error().message);
  if (!*file) return place;
  const auto value = agents::get_key(place.entry.edit.format, (*file)->bytes, place.entry.edit.path);
  if (!value) return unreadable(std::move(place), value.error().message);
  if (!*value) return place;
  place.state = same_json(**value, place.entry.edit.json) ? State::kInstalled : State::kOther;
  return place;
}

/// The entry is one that we have made, perhaps with this program in another place.
bool is_ours(const Place& place, AgentContext& context, const agents::OwnedEdit& edit) {
  if (edit.owner != std::string(kOwner) + place.agent->name || edit.content) return false;
  const auto file = context.files().read(place.entry.file);
  if (!file || !*file) return false;
  const auto value = agents::get_key(edit.key.format, (*file)->bytes, edit.key.path);
  return value && *value && same_json(**value, edit.key.json);
}

bool is_foreign(const Place& place, AgentContext& context) {
  if (place.state != State::kOther) return false;
  const auto records = context.journal().records();
  if (!records) return true;
  return std::ranges::none_of(*records, [&](const agents::Record& record) {
    return std::ranges::any_of(record.edits,
                               [&](const agents::OwnedEdit& edit) { return is_ours(place, context, edit); });
  });
}

/// Those that --agent names; without it, all that are on this machine.
base::Result<std::vector<const Description*>> wanted_agents(const Invocation& invocation, AgentContext& context) {
  std::vector<const Description*> out;
  for (const std::string& name : invocation.list("--agent")) {
    const Description* agent = agents::find_agent(name);
    if (agent != nullptr && agent->mcp) {
      out.push_back(agent);
      continue;
    }
    std::vector<std::string_view> names;
    for (const Description& one : agents::all_agents()) {
      if (one.mcp) names.push_back(one.name);
    }
    return base::fail(
        base::ErrorCode::kInvalidArgument,
        fmt::format("--agent: no place for MCP servers is known of '{}'; it is of {}", name, fmt::join(names, ", ")));
  }
  if (invocation.has("--agent")) return out;
  for (const Description& agent : agents::all_agents()) {
    if (agent.mcp && context.is_found(agent)) out.push_back(&agent);
  }
  return out;
}

void write_change(base::JsonWriter& json, const Change& change) {
  json.begin_object().member("file", change.file).member("changed", change.before != change.after);
  json.key("notes").begin_array();
  for (const std::string& note : change.notes) json.value(note);
  json.end_array().end_object();
}

/// What was done (or would be) to each agent.
class Report {
 public:
  explicit Report(const Invocation& invocation) : invocation_(invocation) {
    json_.begin_object().member("dry_run", invocation.has("--dry-run")).key("agents").begin_array();
  }

  void add(std::string_view agent, std::string_view what, const std::vector<Change>& changes) {
    json_.begin_object().member("agent", agent).member("result", what).key("changes").begin_array();
    for (const Change& change : changes) write_change(json_, change);
    json_.end_array().end_object();
    text_ += fmt::format("{}: {}\n", agent, what);
    for (const Change& change : changes) {
      if (invocation_.has("--dry-run") && change.before != change.after) {
        text_ += fmt::format("--- {}\n+++ {}\n{}", change.file, change.file,
                             agents::text_diff(change.before.value_or(""), change.after.value_or("")));
      }
      for (const std::string& note : change.notes) text_ += fmt::format("  {}: {}\n", change.file, note);
    }
  }

  base::Result<ExitCode> print(bool all_done, std::string_view nothing) {
    json_.end_array().end_object();
    if (text_.empty()) text_ = fmt::format("{}\n", nothing);
    const bool printed = invocation_.console().print(invocation_.has("--json") ? json_.text() + "\n" : text_);
    if (!printed) return base::fail(base::ErrorCode::kIo, "cannot write the output");
    return all_done ? ExitCode::kOk : ExitCode::kFailure;
  }

 private:
  const Invocation& invocation_;
  base::JsonWriter json_;
  std::string text_;
};

}  // namespace

base::Result<ExitCode> mcp_install(const Invocation& invocation) {
  AgentContext context(invocation);
  const std::string program = agents::program_path();
  const auto agents = wanted_agents(invocation, context);
  if (!agents) return std::unexpected(agents.error());
  Report report(invocation);
  bool all_done = true;
  for (const Description* agent : *agents) {
    const auto place = place_of(*agent, context, program);
    if (!place) continue;
    if (place->state == State::kUnreadable || (is_foreign(*place, context) && !invocation.has("--force"))) {
      all_done = false;
      report.add(agent->name,
                 place->state == State::kOther
                     ? fmt::format("has another entry of this name in {}; --force replaces it", place->entry.file)
                     : fmt::format("left as it is: {}", place->note),
                 {});
      continue;
    }
    const std::string owner = std::string(kOwner) + agent->name;
    const std::vector<agents::FileEdits> edits = {{place->entry.file, {place->entry.edit}, std::nullopt}};
    const auto changes = place->state == State::kInstalled ? base::Result<std::vector<Change>>()
                         : invocation.has("--dry-run")     ? context.journal().preview(owner, edits)
                                                           : context.journal().apply(owner, edits);
    all_done = all_done && changes.has_value();
    const std::string_view done = place->state == State::kInstalled ? "is installed already"
                                  : invocation.has("--dry-run")     ? "would be installed"
                                                                    : "installed; start the agent anew";
    report.add(agent->name, changes ? std::string(done) : "failed: " + changes.error().message,
               changes.value_or(std::vector<Change>()));
  }
  return report.print(all_done,
                      "No agent with a place for MCP servers was found here; --agent NAME installs it anyway.");
}

base::Result<ExitCode> mcp_uninstall(const Invocation& invocation) {
  AgentContext context(invocation);
  const auto records = context.journal().records();
  if (!records) return std::unexpected(records.error());
  std::vector<std::string> owners;
  for (const agents::Record& record : *records) {
    for (const agents::OwnedEdit& edit : record.edits) {
      if (edit.owner.starts_with(kOwner)) owners.push_back(edit.owner);
    }
  }
  std::ranges::sort(owners);
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  if (invocation.has("--agent")) {
    const auto agents = wanted_agents(invocation, context);
    if (!agents) return std::unexpected(agents.error());
    std::erase_if(owners, [&](const std::string& owner) {
      return std::ranges::none_of(*agents,
                                  [&](const Description* agent) { return owner == std::string(kOwner) + agent->name; });
    });
  }
  Report report(invocation);
  bool all_done = true;
  for (const std::string& owner : owners) {
    const auto changes =
        invocation.has("--dry-run") ? context.journal().preview_undo(owner) : context.journal().undo(owner);
    all_done = all_done && changes.has_value();
    const std::string_view done = invocation.has("--dry-run") ? "would be put back" : "put back";
    report.add(owner.substr(kOwner.size()), changes ? std::string(done) : "failed: " + changes.error().message,
               changes.value_or(std::vector<Change>()));
  }
  return report.print(all_done, "Nothing that `headroom mcp install` has changed is left.");
}

base::Result<ExitCode> mcp_status(const Invocation& invocation) {
  AgentContext context(invocation);
  const std::string program = agents::program_path();
  base::JsonWriter json;
  json.begin_object().key("agents").begin_array();
  Table table({{"agent"}, {"here"}, {"state"}, {"file", false, 120}});
  for (const Description& agent : agents::all_agents()) {
    const auto place = place_of(agent, context, program);
    const auto names = invocation.list("--agent");
    if (!place || (!names.empty() && std::ranges::find(names, agent.name) == names.end())) continue;
    const bool found = context.is_found(agent);
    table.add({agent.name, found ? "yes" : "no", std::string(state_name(place->state)), place->entry.file});
    json.begin_object().member("agent", agent.name).member("found", found).member("state", state_name(place->state));
    json.member("file", place->entry.file).member("note", place->note).end_object();
  }
  json.end_array().end_object();
  Console& console = invocation.console();
  const bool printed =
      console.print(invocation.has("--json") ? json.text() + "\n" : table.text([&](std::string_view heading) {
        return console.paint(Colour::kBold, heading);
      }));
  if (!printed) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace headroom::cli
