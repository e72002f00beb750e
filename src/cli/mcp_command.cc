#include "cli/mcp_command.h"

#include <csignal>

#include <unistd.h>

#include "cli/mcp_install.h"
#include "cli/program.h"
#include "cli/workspace.h"
#include "compress/registry/registry.h"
#include "mcp/stdio.h"
#include "mcp/tools.h"

namespace headroom::cli {
namespace {

constexpr std::string_view kInstructions =
    "Headroom makes long texts short without losing what they say. Give it long outputs, files and search results "
    "before you read them. A marker <<ccr:HASH ...>> stands for an original that headroom_retrieve gives back exactly, "
    "whole or in part: ask for it only when what is not shown matters.";

base::Result<mcp::FileAccess> open_folders(const Invocation& invocation) {
  const std::vector<std::string> folders = invocation.list("--root");
  mcp::FileAccess files(folders);
  if (files.roots().size() == folders.size()) return files;
  return base::fail(base::ErrorCode::kInvalidArgument, "--root: not every folder is there");
}

base::Result<ExitCode> serve(const Invocation& invocation) {
  const config::Options& options = invocation.options();
  const base::SystemClock clock;
  auto files = open_folders(invocation);
  if (!files) return std::unexpected(files.error());
  const compress::Registry registry = compress::Registry::standard();
  auto store = open_originals(options, clock);
  if (!store) return std::unexpected(store.error());
  auto ledger = open_ledger(options);
  if (!ledger) return std::unexpected(ledger.error());
  const auto classifier = make_classifier(options);
  context::PipelineOptions settings = pipeline_options(options);
  settings.classifier = classifier.get();
  const auto judge = make_judge(options);
  settings.judge = judge.get();
  if (judge != nullptr) judge->warm_up();
  const context::Pipeline pipeline(registry, store->get(), clock, settings);
  const mcp::Workbench bench{pipeline, store->get(),   **ledger,
                             clock,    clock.now_ms(), std::string(invocation.get("--model", "gpt-4o"))};
  const auto originals =
      *store == nullptr ? nullptr
                        : mcp::original_resources(**store, options.stateless ? std::string() : originals_path(options));
  const mcp::Server server{.name = "headroom",
                           .title = "Headroom",
                           .version = std::string(version()),
                           .instructions = std::string(kInstructions),
                           .tools = mcp::headroom_tools(bench),
                           .resources = originals.get(),
                           .files = *std::move(files)};
  // A client that has gone is an end, not a crash.
  std::signal(SIGPIPE, SIG_IGN);
  mcp::Session session(server, true);
  const auto served = mcp::serve_lines(session, STDIN_FILENO, STDOUT_FILENO);
  if (!served) return std::unexpected(served.error());
  return ExitCode::kOk;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const std::string_view action = invocation.get("ACTION");
  if (action == "install") return mcp_install(invocation);
  if (action == "uninstall") return mcp_uninstall(invocation);
  if (action == "status") return mcp_status(invocation);
  return serve(invocation);
}

}  // namespace

CommandSpec mcp_command() {
  return {
      .name = "mcp",
      .summary = "Offer compression and retrieval to agents as an MCP server.",
      .description =
          "`serve` speaks the Model Context Protocol over standard input and output, for who starts it: tools that "
          "compress texts, files, command outputs and search results, and one that gives originals back. It ends when "
          "its input ends. Files are read only below the folders that the client names (its roots), or, with --root, "
          "below those.\n"
          "`install` puts it among the MCP servers of the agents on this machine, in their own settings files, of "
          "which "
          "nothing else changes; `uninstall` puts back what was there, to the byte; `status` shows where it is.",
      .args = {{"ACTION", "", "What to do.", {"serve", "install", "uninstall", "status"}, true},
               {"--root",
                "DIR",
                "With serve: read files below DIR only, whatever the client names; may be repeated.",
                {},
                false,
                true},
               {"--model", "MODEL", "With serve: model whose tokens are counted where a call names none (gpt-4o).", {}},
               {"--agent", "NAME", "With the others: only this agent, here or not; may be repeated.", {}, false, true},
               {"--dry-run", "", "With install and uninstall: show what would change, and do nothing.", {}},
               {"--force", "", "With install: replace an entry of this name that somebody else has made.", {}},
               {"--json", "", "Write one JSON object (not with serve).", {}}},
      .config_options = config::kForCompress,
      .examples = {"headroom mcp serve", "headroom mcp serve --root ~/src/shop", "headroom mcp install --dry-run",
                   "headroom mcp install --agent codex", "headroom mcp uninstall"},
      .run = run,
  };
}

}  // namespace headroom::cli
