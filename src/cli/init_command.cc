#include "cli/init_command.h"

#include <fmt/format.h>

#include "agents/child.h"
#include "cli/agent_context.h"
#include "cli/service_text.h"
#include "cli/shared_proxy.h"

namespace headroom::cli {
namespace {

#ifdef __APPLE__
constexpr bool kLaunchd = true;
#else
constexpr bool kLaunchd = false;
#endif

constexpr std::string_view kServiceOwner = "install";

base::Result<ExitCode> print(const Invocation& invocation, const std::string& text) {
  if (!invocation.console().print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

base::Result<ExitCode> run_init(const Invocation& invocation) {
  const auto agent = agent_named(invocation.get("AGENT"));
  if (!agent) return std::unexpected(agent.error());
  AgentContext context(invocation);
  const std::string root = fmt::format("http://127.0.0.1:{}", invocation.options().port);
  const auto routing = agents::init_routing(**agent, context.situation(), root);
  if (!routing) return std::unexpected(routing.error());
  const std::string owner = "init " + (*agent)->name;
  const auto changes = invocation.has("--dry-run") ? context.journal().preview(owner, routing->files)
                                                   : context.journal().apply(owner, routing->files);
  if (!changes) return std::unexpected(changes.error());
  std::string text = shown_changes(*changes);
  for (const auto& [name, url] : routing->upstreams) {
    text += fmt::format("# the proxy needs this upstream: headroom proxy --{}-api-url {}\n", name, url);
  }
  if (!invocation.has("--dry-run")) {
    text += fmt::format(
        "{} now goes through {}. Keep a proxy there: `headroom install`, or `headroom proxy`.\n"
        "`headroom unwrap {}` takes it back.\n",
        (*agent)->title, root, (*agent)->name);
  }
  return print(invocation, text);
}

/// By the service's manager; what it says goes to the user.
base::Result<ExitCode> manage(const Invocation& invocation, std::string_view action, const Service& service) {
  const std::string line = service_command_line(action, service.launchd, service.file);
  const std::string manager = service.launchd ? "launchctl" : "systemctl";
  if (agents::find_program(manager, config::process_environment()("PATH").value_or("")).empty()) {
    return base::fail(base::ErrorCode::kUnavailable,
                      fmt::format("there is no {} here; keep `headroom proxy` running in another way", manager));
  }
  invocation.console().note(fmt::format("headroom: {}\n", line));
  const auto end = agents::run_child({"/bin/sh", "-c", line}, {});
  if (!end) return std::unexpected(end.error());
  return end->code == 0 ? ExitCode::kOk : ExitCode::kFailure;
}

base::Result<ExitCode> run_install(const Invocation& invocation) {
  AgentContext context(invocation);
  const config::Environment variable = config::process_environment();
  const Service service =
      service_for(agents::program_path(), context.situation().home, variable("XDG_CONFIG_HOME").value_or(""),
                  invocation.options().port,
                  words_of_settings(invocation, [](std::string_view flag) { return flag == "port"; }), kLaunchd);
  const std::string action(invocation.get("ACTION", "apply"));
  const std::vector<agents::FileEdits> files = {{service.file, {}, service.content}};
  if (invocation.has("--dry-run")) {
    const auto changes = action == "remove" ? context.journal().preview_undo(kServiceOwner)
                                            : context.journal().preview(kServiceOwner, files);
    if (!changes) return std::unexpected(changes.error());
    return print(invocation, shown_changes(*changes));
  }
  if (action == "apply") {
    const auto changes = context.journal().apply(kServiceOwner, files);
    if (!changes) return std::unexpected(changes.error());
    if (auto printed = print(invocation, shown_changes(*changes)); !printed) return printed;
    return manage(invocation, "enable", service);
  }
  if (action == "remove") {
    // A service that does not run, or no manager, is no reason to leave the file.
    const auto stopped = manage(invocation, "disable", service);
    if (!stopped) invocation.console().note(fmt::format("headroom: {}\n", stopped.error().message));
    const auto changes = context.journal().undo(kServiceOwner);
    if (!changes) return std::unexpected(changes.error());
    return print(invocation, shown_changes(*changes));
  }
  if (action != "status") return manage(invocation, action, service);
  const Listener listener = look_at(invocation.options(), invocation.options().port);
  const auto state = context.files().read(service.file);
  const bool runs = listener.kind == Listener::Kind::kHeadroom;
  const std::string place = fmt::format("127.0.0.1:{}", invocation.options().port);
  const std::string other = described(listener, invocation.options());
  const std::string text = fmt::format("service: {}\nproxy:   {}\n", state && *state ? service.file : "not installed",
                                       runs            ? fmt::format("{} at {}", listener.version, place)
                                       : other.empty() ? "does not run"
                                                       : fmt::format("does not run; {} is at {}", other, place));
  if (auto printed = print(invocation, text); !printed) return printed;
  return runs ? ExitCode::kOk : ExitCode::kFailure;
}

}  // namespace

CommandSpec init_command() {
  return {
      .name = "init",
      .summary = "Send an agent through the proxy for good, by its own settings file.",
      .description =
          "Changes one key or two of the agent's settings, so that it goes through the proxy however it is started; "
          "the "
          "rest of the file stays, and `headroom unwrap` puts it back. Something must then keep a proxy running: "
          "`headroom install`.",
      .args = {{"AGENT", "", "The agent's name.", {}, true},
               {"--dry-run", "", "Show what would change, and do nothing.", {}}},
      .config_options = config::kForProxy | config::kForConfig,
      .examples = {"headroom init claude --dry-run", "headroom init codex"},
      .run = run_init,
  };
}

CommandSpec install_command() {
  return {
      .name = "install",
      .summary = "Keep a proxy running for you as a service, and manage it.",
      .description =
          "A unit of systemd's user manager on Linux, an agent of launchd on macOS. Settings of the proxy come from "
          "the "
          "config file; `headroom install` again takes a new port. Flags of the proxy are written into its command "
          "line. `remove` stops it and takes the file away.",
      .args = {{"ACTION",
                "",
                "apply (when not given), status, start, stop, restart or remove.",
                {"apply", "status", "start", "stop", "restart", "remove"}},
               {"--dry-run", "", "Show what would change, and do nothing.", {}}},
      .config_options = config::kForProxy | config::kForConfig,
      .examples = {"headroom install --dry-run", "headroom install status", "headroom install remove"},
      .run = run_install,
  };
}

}  // namespace headroom::cli
