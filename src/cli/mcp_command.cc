#include "cli/mcp_command.h"

#include <charconv>
#include <csignal>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/hash.h"
#include "cli/mcp_install.h"
#include "cli/program.h"
#include "cli/workspace.h"
#include "compress/registry/registry.h"
#include "mcp/http_server.h"
#include "mcp/run_relay.h"
#include "mcp/stdio.h"
#include "mcp/tools.h"
#include "proxy/listener.h"

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

/// What serve and proxy work with.
class Bench {
 public:
  /// Its parts point to each other.
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  /// Where the workspace cannot be written, originals are kept until the end of this process: an agent's tools, and
  /// another server's, must not fail because of that.
  static base::Result<std::unique_ptr<Bench>> open(const Invocation& invocation) {
    auto bench = std::unique_ptr<Bench>(new Bench(invocation.options()));
    config::Options& options = bench->options_;
    auto opened = bench->open_stores();
    if (!opened && opened.error().code == base::ErrorCode::kIo && !options.stateless) {
      invocation.console().note(
          fmt::format("headroom: {}; originals are kept until this server ends\n", opened.error().message));
      options.stateless = true;
      opened = bench->open_stores();
    }
    if (!opened) return std::unexpected(opened.error());
    bench->classifier_ = make_classifier(options);
    bench->judge_ = make_judge(options);
    context::PipelineOptions settings = pipeline_options(options);
    settings.classifier = bench->classifier_.get();
    settings.judge = bench->judge_.get();
    if (bench->judge_ != nullptr) bench->judge_->warm_up();
    bench->pipeline_.emplace(bench->registry_, bench->store_.get(), bench->clock_, std::move(settings));
    bench->tools_.emplace(mcp::Workbench{*bench->pipeline_, bench->store_.get(), *bench->ledger_, bench->clock_,
                                         bench->clock_.now_ms(), std::string(invocation.get("--model", "gpt-4o")),
                                         bench->offers_.get()});
    return bench;
  }

  const mcp::Workbench& tools() const { return *tools_; }
  /// Those that are followed.
  const config::Options& options() const { return options_; }

 private:
  explicit Bench(config::Options options) : options_(std::move(options)) {}

  base::Result<void> open_stores() {
    const auto file = open_store_file(options_);
    if (!file) return std::unexpected(file.error());
    auto store = open_originals(options_, clock_, *file);
    if (!store) return std::unexpected(store.error());
    auto ledger = open_ledger(options_);
    if (!ledger) return std::unexpected(ledger.error());
    auto offers = open_offers(options_, clock_, *file);
    if (!offers) return std::unexpected(offers.error());
    store_ = *std::move(store);
    ledger_ = *std::move(ledger);
    offers_ = *std::move(offers);
    return {};
  }

  config::Options options_;
  base::SystemClock clock_;
  compress::Registry registry_ = compress::Registry::standard();
  std::unique_ptr<store::OriginalStore> store_;
  std::unique_ptr<store::Ledger> ledger_;
  std::unique_ptr<store::OfferRecord> offers_;
  std::unique_ptr<detect::Classifier> classifier_;
  std::unique_ptr<learned::KompressJudge> judge_;
  std::optional<context::Pipeline> pipeline_;
  std::optional<mcp::Workbench> tools_;
};

std::string unguessable_id() {
  std::string bytes(16, '\0');
  // Cannot fail for so few bytes.
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
  }
  return base::hex(bytes);
}

/// Until it is interrupted.
base::Result<ExitCode> serve_over_http(const Invocation& invocation, const mcp::Server& server) {
  const std::string_view port = invocation.get("--port", "8788");
  config::Options options = invocation.options();
  options.host = "127.0.0.1";
  options.uds.clear();
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  if (error != std::errc() || end != port.data() + port.size() || options.port < 0 || options.port > 65535) {
    return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("--port: '{}' is no port", port));
  }
  const auto listener = proxy::open_listener(options);
  if (!listener) return std::unexpected(listener.error());
  invocation.console().note(fmt::format("headroom: http://127.0.0.1:{}{}\n", listener->port, mcp::HttpEndpoint::kPath));
  const proxy::Access access{.bind_host = options.host, .token = options.proxy_token, .allowed_hosts = {}};
  mcp::HttpEndpoint endpoint(server, access, unguessable_id);
  const auto served = mcp::serve_http(endpoint, listener->descriptor);
  if (!served) return std::unexpected(served.error());
  return ExitCode::kOk;
}

base::Result<ExitCode> serve(const Invocation& invocation) {
  auto files = open_folders(invocation);
  if (!files) return std::unexpected(files.error());
  const auto bench = Bench::open(invocation);
  if (!bench) return std::unexpected(bench.error());
  const config::Options& options = (*bench)->options();
  store::OriginalStore* store = (*bench)->tools().store;
  const auto originals =
      store == nullptr ? nullptr
                       : mcp::original_resources(*store, options.stateless ? std::string() : originals_path(options));
  const mcp::Server server{.name = "headroom",
                           .title = "Headroom",
                           .version = std::string(version()),
                           .instructions = std::string(kInstructions),
                           .tools = mcp::headroom_tools((*bench)->tools()),
                           .resources = originals.get(),
                           .files = *std::move(files)};
  if (invocation.has("--http")) return serve_over_http(invocation, server);
  mcp::Session session(server);
  const auto served = mcp::serve_lines(session, STDIN_FILENO, STDOUT_FILENO);
  if (!served) return std::unexpected(served.error());
  return ExitCode::kOk;
}

base::Result<ExitCode> proxy(const Invocation& invocation) {
  const std::vector<std::string>& words = invocation.rest();
  if (words.empty()) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      "proxy needs the command that starts the other server: headroom mcp proxy -- COMMAND ...");
  }
  // Before anything has a thread of its own.
  mcp::block_ending_signals();
  const auto bench = Bench::open(invocation);
  if (!bench) return std::unexpected(bench.error());
  auto child = mcp::Child::start(words);
  if (!child) return std::unexpected(child.error());
  mcp::Relay relay((*bench)->tools());
  // The other server's own code is passed on.
  return static_cast<ExitCode>(mcp::run_relay(relay, *child, STDIN_FILENO, STDOUT_FILENO));
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const std::string_view action = invocation.get("ACTION");
  if (action != "proxy" && !invocation.rest().empty()) {
    return base::fail(
        base::ErrorCode::kInvalidArgument,
        fmt::format("'{}' is nothing that {} takes: only proxy takes a command", invocation.rest().front(), action));
  }
  if (action == "install") return mcp_install(invocation);
  if (action == "uninstall") return mcp_uninstall(invocation);
  if (action == "status") return mcp_status(invocation);
  // A client that has gone is an end, not a crash.
  std::signal(SIGPIPE, SIG_IGN);
  return action == "proxy" ? proxy(invocation) : serve(invocation);
}

}  // namespace

CommandSpec mcp_command() {
  return {
      .name = "mcp",
      .summary = "Offer compression and retrieval to agents as an MCP server.",
      .description =
          "`serve` speaks the Model Context Protocol over standard input and output, for who starts it: tools that "
          "compress texts, files, command outputs and search results, and one that gives originals back. It ends when "
          "its input ends; with --http it serves any number of clients on 127.0.0.1 until it is interrupted. Files are "
          "read only below the folders that the client names (its roots), or, with --root, "
          "below those.\n"
          "`proxy -- COMMAND ...` stands in front of another server that speaks over standard input and output: long "
          "texts in its results are compressed, its list of tools gets headroom_retrieve, and all else goes through as "
          "it is.\n"
          "`install` puts it among the MCP servers of the agents on this machine, in their own settings files, of "
          "which "
          "nothing else changes; `uninstall` puts back what was there, to the byte; `status` shows where it is.",
      .args = {{"ACTION", "", "What to do.", {"serve", "proxy", "install", "uninstall", "status"}, true},
               {"--root",
                "DIR",
                "With serve: read files below DIR only, whatever the client names; may be repeated.",
                {},
                false,
                true},
               {"--http", "", "With serve: over HTTP on 127.0.0.1, path /mcp, for any number of clients.", {}},
               {"--port", "PORT", "With serve --http: the port (8788); 0 takes a free one and prints it.", {}},
               {"--model", "MODEL", "Model whose tokens are counted where a call names none (gpt-4o).", {}},
               {"--agent", "NAME", "With the others: only this agent, here or not; may be repeated.", {}, false, true},
               {"--dry-run", "", "With install and uninstall: show what would change, and do nothing.", {}},
               {"--force", "", "With install: replace an entry of this name that somebody else has made.", {}},
               {"--json", "", "Write one JSON object (not with serve).", {}}},
      .config_options = config::kForCompress,
      .rest = "COMMAND",
      .rest_after = 1,
      .examples = {"headroom mcp serve", "headroom mcp serve --root ~/src/shop", "headroom mcp serve --http",
                   "headroom mcp proxy -- npx -y some-mcp-server --flag", "headroom mcp install --dry-run",
                   "headroom mcp install --agent codex", "headroom mcp uninstall"},
      .run = run,
  };
}

}  // namespace headroom::cli
