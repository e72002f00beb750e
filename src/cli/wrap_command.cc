#include "cli/wrap_command.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "agents/child.h"
#include "base/json_writer.h"
#include "base/project_name.h"
#include "cli/agent_context.h"
#include "cli/router_watch.h"
#include "cli/shared_proxy.h"
#include "cli/shell_words.h"
#include "cli/table.h"

namespace headroom::cli {
namespace {

using agents::Description;
using agents::Routing;

/// `headroom wrap` with no name.
base::Result<ExitCode> list_agents(const Invocation& invocation) {
  AgentContext context(invocation);
  base::JsonWriter json;
  json.begin_object().key("agents").begin_array();
  std::string text;
  for (const Description& agent : agents::all_agents()) {
    const bool found = context.is_found(agent);
    const std::string program = context.program_of(agent);
    const std::string home = agents::home_of(agent, context.situation());
    json.begin_object().member("name", agent.name).member("title", agent.title).member("found", found);
    json.member("program", program).member("home", home).end_object();
    if (found) text += fmt::format("  {:<15} {:<24} {}\n", agent.name, agent.title, program.empty() ? home : program);
  }
  json.end_array().end_object();
  if (text.empty()) text = "  none of those that Headroom knows; `headroom wrap --json` lists them\n";
  text = "Agents on this machine (`headroom wrap NAME`):\n" + text;
  if (!invocation.console().print(invocation.has("--json") ? json.text() + "\n" : text)) {
    return base::fail(base::ErrorCode::kIo, "cannot write the output");
  }
  return ExitCode::kOk;
}

/// An agent without a program to start, or one that starts another and ends.
bool is_held(const Description& agent, const AgentContext& context) {
  return agent.hold || (context.program_of(agent).empty() && agent.env.empty());
}

/// What the flags of this command add.
void add_flags(const Invocation& invocation, const Description& agent, Routing& routing, AgentContext& context) {
  const auto set = [&routing](std::string_view name, std::string value) {
    std::erase_if(routing.env, [name](const auto& one) { return one.first == name; });
    routing.env.emplace_back(name, std::move(value));
  };
  if (agent.name == "claude") {
    if (invocation.has("--tool-search")) set("ENABLE_TOOL_SEARCH", std::string(invocation.get("--tool-search")));
    std::string model = context.situation().variable("ANTHROPIC_MODEL").value_or("sonnet");
    if (invocation.has("--1m") && !model.ends_with("[1m]")) set("ANTHROPIC_MODEL", model + "[1m]");
  }
  // The agent reaches the proxy directly, whatever proxy the network has.
  for (const std::string_view name : {"NO_PROXY", "no_proxy"}) {
    std::string hosts = context.situation().variable(name).value_or("");
    if (hosts == "*" || hosts.contains("127.0.0.1")) continue;
    set(name, hosts + (hosts.empty() ? "" : ",") + "127.0.0.1,localhost");
  }
}

std::vector<std::string> command_line(const std::string& program, const Routing& routing,
                                      const Invocation& invocation) {
  std::vector<std::string> words = {program};
  words.insert(words.end(), routing.args.begin(), routing.args.end());
  words.insert(words.end(), invocation.rest().begin(), invocation.rest().end());
  return words;
}

std::string owner_of(const Description& agent) {
  return "wrap " + agent.name;
}

std::string plan_as_json(const Description& agent, const Routing& routing, const std::vector<std::string>& words,
                         const std::vector<agents::Change>& changes) {
  base::JsonWriter json;
  json.begin_object().member("agent", agent.name).key("env").begin_object();
  for (const auto& [name, value] : routing.env) json.member(name, value);
  json.end_object().key("command").begin_array();
  for (const std::string& word : words) json.value(word);
  json.end_array().key("files").begin_array();
  for (const agents::Change& change : changes) {
    json.begin_object().member("file", change.file);
    json.member("diff", agents::text_diff(change.before.value_or(""), change.after.value_or(""))).end_object();
  }
  json.end_array().key("upstreams").begin_object();
  for (const auto& [name, url] : routing.upstreams) json.member(name, url);
  json.end_object().key("notes").begin_array();
  for (const std::string& note : routing.notes) json.value(note);
  json.end_array().end_object();
  return json.text() + "\n";
}

base::Result<ExitCode> dry_run(const Invocation& invocation, const Description& agent, const Routing& routing,
                               AgentContext& context) {
  const auto changes = context.journal().preview(owner_of(agent), routing.files);
  if (!changes) return std::unexpected(changes.error());
  const std::vector<std::string> words =
      is_held(agent, context) ? std::vector<std::string>() : command_line(agent.binaries.front(), routing, invocation);
  std::string text;
  if (invocation.has("--json")) {
    text = plan_as_json(agent, routing, words, *changes);
  } else {
    for (const auto& [name, value] : routing.env) text += fmt::format("{}={}\n", name, shell_word(value));
    if (!words.empty()) text += shell_line(words) + "\n";
    text += shown_changes(*changes);
    for (const std::string& note : routing.notes) text += "# " + note + "\n";
  }
  if (!invocation.console().print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

/// Whether a wrap of the agent, this one or another, has changed files that are not put back.
bool has_changed_files(const Description& agent, AgentContext& context) {
  const auto records = context.journal().records();
  return records && std::ranges::any_of(*records, [&](const agents::Record& record) {
           return std::ranges::find(record.edits, owner_of(agent), &agents::OwnedEdit::owner) != record.edits.end();
         });
}

/// Takes back what wraps of the agent have changed in files, unless another wrap of the agent needs it. `more`: proxies
/// that it has come to use beside `proxy`.
base::Result<void> put_back(const Invocation& invocation, const Description& agent, SharedProxy& proxy,
                            std::vector<SharedProxy> more, AgentContext& context) {
  const auto clients = agents::Clients::open(all_clients_folder(invocation.options()));
  if (!clients) return std::unexpected(clients.error());
  const auto lock = clients->lock();
  if (!lock) return std::unexpected(lock.error());
  // One of each proxy is this wrap: as long as its marks are there, the proxies do the rest should we be killed. They
  // go before the lock does: of several that end at once, the last must know that it is.
  const std::size_t own = more.size() + (proxy.mark != nullptr ? 1 : 0);
  const bool last = agents::Clients::count_running(clients->folder(), agent.name) <= own;
  const auto undone =
      last ? context.journal().undo(owner_of(agent)) : base::Result<std::vector<agents::Change>>(std::in_place);
  proxy.mark.reset();
  more.clear();
  if (!undone) return std::unexpected(undone.error());
  for (const agents::Change& change : *undone) {
    for (const std::string& note : change.notes) {
      invocation.console().note(fmt::format("headroom: {}: {}\n", change.file, note));
    }
  }
  return {};
}

base::Result<ExitCode> run_agent(const Invocation& invocation, const Description& agent, const std::string& root,
                                 SharedProxy& proxy, AgentContext& context) {
  auto routing = agents::wrap_routing(agent, context.situation(), root);
  if (!routing) return std::unexpected(routing.error());
  add_flags(invocation, agent, *routing, context);
  Console& console = invocation.console();
  for (const std::string& note : routing->notes) console.note(fmt::format("headroom: {}\n", note));
  if (!routing->files.empty()) {
    const auto clients = agents::Clients::open(all_clients_folder(invocation.options()));
    if (!clients) return std::unexpected(clients.error());
    const auto lock = clients->lock();
    if (!lock) return std::unexpected(lock.error());
    const auto changes = context.journal().apply(owner_of(agent), routing->files);
    if (!changes) return std::unexpected(changes.error());
    for (const agents::Change& change : *changes) {
      console.note(fmt::format("headroom: {} is changed until this ends\n", change.file));
    }
  }
  std::optional<RouterWatch> watch;
  if (proxy.mark != nullptr && !invocation.has("--no-start")) {
    watch.emplace(invocation, context,
                  RouterWatch::Start{.agent = agent,
                                     .behind = root.substr(proxy.root().size()),
                                     .root = root,
                                     .upstreams = proxy.upstreams,
                                     .told_by_words = !routing->args.empty(),
                                     .say_at_once = is_held(agent, context) || ::isatty(STDERR_FILENO) == 0});
  }
  base::Result<agents::ChildEnd> end = agents::ChildEnd{};
  if (is_held(agent, context)) {
    console.note(fmt::format("headroom: the proxy is at {}; Ctrl-C ends it\n", root));
    agents::wait_for_end();
  } else {
    end = agents::run_child(command_line(agent.binaries.front(), *routing, invocation), routing->env);
  }
  std::vector<SharedProxy> more = watch ? watch->stop() : std::vector<SharedProxy>();
  if (!routing->files.empty() || has_changed_files(agent, context)) {
    if (auto done = put_back(invocation, agent, proxy, std::move(more), context); !done) {
      console.error(fmt::format("{}; `headroom unwrap {}` tries again", done.error().message, agent.name));
    }
  }
  proxy.mark.reset();
  if (!end) return std::unexpected(end.error());
  return static_cast<ExitCode>(agents::end_like(*end));
}

base::Result<ExitCode> run_wrap(const Invocation& invocation) {
  if (!invocation.has("AGENT")) return list_agents(invocation);
  const auto agent = agent_named(invocation.get("AGENT"));
  if (!agent) return std::unexpected(agent.error());
  if (invocation.has("--json") && !invocation.has("--dry-run")) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("--json is for the list of agents and for --dry-run; what {} is to get stands behind "
                                  "its name",
                                  (*agent)->name));
  }
  AgentContext context(invocation);
  if (invocation.has("--subscription")) context.situation().flags.emplace_back("--subscription");
  if (invocation.has("--provider-type")) {
    const std::string type(invocation.get("--provider-type"));
    context.situation().variable = [type, all = context.situation().variable](std::string_view name) {
      return name == "COPILOT_PROVIDER_TYPE" ? std::optional(type) : all(name);
    };
  }
  const std::string project(invocation.get("--project"));
  if (!project.empty() && !base::is_project_name(project)) {
    return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("--project: {}", base::kProjectNameRule));
  }
  const std::string behind = project.empty() ? std::string() : "/p/" + project;
  const std::string usual = fmt::format("http://127.0.0.1:{}{}", invocation.options().port, behind);
  auto routing = agents::wrap_routing(**agent, context.situation(), usual);
  if (!routing) return std::unexpected(routing.error());
  if (invocation.has("--dry-run")) {
    add_flags(invocation, **agent, *routing, context);
    return dry_run(invocation, **agent, *routing, context);
  }
  if (!is_held(**agent, context) && context.program_of(**agent).empty()) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("{} is not on the PATH: install it, then try again", (*agent)->binaries.front()));
  }
  if (invocation.has("--no-start")) {
    base::Result<SharedProxy> none = SharedProxy{invocation.options().port, false, nullptr};
    if (!routing->files.empty()) none = join_proxy(invocation.options(), (*agent)->name);
    if (!none) return std::unexpected(none.error());
    return run_agent(invocation, **agent, usual, *none, context);
  }
  std::vector<std::string> notes;
  auto proxy = share_proxy(invocation, (*agent)->name, routing->upstreams, notes);
  for (const std::string& note : notes) invocation.console().note(fmt::format("headroom: {}\n", note));
  if (!proxy) return std::unexpected(proxy.error());
  return run_agent(invocation, **agent, proxy->root() + behind, *proxy, context);
}

base::Result<ExitCode> run_unwrap(const Invocation& invocation) {
  const auto agent = agent_named(invocation.get("AGENT"));
  if (!agent) return std::unexpected(agent.error());
  AgentContext context(invocation);
  std::vector<std::string> owners = {owner_of(**agent), "init " + (*agent)->name};
  if (!invocation.has("--keep-mcp")) owners.push_back("mcp " + (*agent)->name);
  std::string text;
  for (const std::string& owner : owners) {
    const auto changes =
        invocation.has("--dry-run") ? context.journal().preview_undo(owner) : context.journal().undo(owner);
    if (!changes) return std::unexpected(changes.error());
    text += shown_changes(*changes);
  }
  if (text.empty()) text = fmt::format("Nothing of {} is changed.\n", (*agent)->title);
  if (!invocation.console().print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec wrap_command() {
  return {
      .name = "wrap",
      .summary = "Run an agent with its requests going through the proxy.",
      .description =
          "Starts a proxy when none runs (it ends with the last agent that uses it), tells the agent by its "
          "environment "
          "or its command line where that is, and runs it with your terminal; its exit code is this command's. Agents "
          "that take an address from a file only have that changed until they end; the original is kept and put back, "
          "also by `headroom unwrap`. Words behind the agent's name are the agent's own, but for --port and the flags "
          "of this command that stand right "
          "behind it (not --json); `--` ends those. Without a name: which agents "
          "are on this machine. The settings below are those of the proxy that is started.",
      .args = {{"AGENT", "", "claude, codex, copilot, cursor, aider, opencode, gemini, ...", {}},
               {"--dry-run", "", "Show what would be set and changed, and do nothing.", {}},
               {"--no-start", "", "Start no proxy: one is there already, at --port.", {}},
               {"--project", "NAME", "Keep originals and figures under this project's name.", {}},
               {"--subscription", "", "copilot: send what goes to GitHub through the proxy.", {}},
               {"--provider-type", "TYPE", "copilot: the format of your provider.", {"openai", "anthropic"}},
               {"--tool-search", "MODE", "claude: ENABLE_TOOL_SEARCH; true when not given.", {}},
               {"--1m", "", "claude: the model with the window of a million tokens.", {}},
               {"--json", "", "Without a name, or before it with --dry-run: write one JSON object.", {}}},
      .config_options = config::kForProxy | config::kForConfig,
      .rest = "ARGS",
      .rest_after = 1,
      .examples = {"headroom wrap", "headroom wrap claude", "headroom wrap codex exec \"fix the tests\"",
                   "headroom wrap aider --dry-run"},
      .run = run_wrap,
  };
}

CommandSpec unwrap_command() {
  return {
      .name = "unwrap",
      .summary = "Put back what wrap, init and mcp install have changed in an agent's files.",
      .description =
          "To the byte, offline, also after a crash. Where a file was changed by others since, only what is Headroom's "
          "is taken out and the rest stays.",
      .args = {{"AGENT", "", "The agent's name.", {}, true},
               {"--keep-mcp", "", "Leave Headroom's MCP server where it is.", {}},
               {"--dry-run", "", "Show what would change, and do nothing.", {}}},
      .config_options = config::kForConfig,
      .examples = {"headroom unwrap codex"},
      .run = run_unwrap,
  };
}

}  // namespace headroom::cli
