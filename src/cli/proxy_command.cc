#include "cli/proxy_command.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include <fmt/format.h>

#include "audit/log.h"
#include "cli/shared_proxy.h"
#include "cli/workspace.h"
#include "compress/registry/registry.h"
#include "proxy/server.h"
#include "store/workspace_key.h"

namespace headroom::cli {
namespace {

constexpr std::chrono::minutes kSweepInterval{15};

/// Deletes what has expired from time to time, on a thread of its own, until it is destroyed.
class Sweeper {
 public:
  /// Each may be nullptr.
  Sweeper(store::OriginalStore* originals, store::DecisionStore* decisions, store::OfferRecord* offers)
      : thread_([=](const std::stop_token& stop) { run(originals, decisions, offers, stop); }) {}

 private:
  static void run(store::OriginalStore* originals, store::DecisionStore* decisions, store::OfferRecord* offers,
                  const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      // A sweep that fails is tried again at the next one; requests never wait for it.
      if (originals != nullptr) static_cast<void>(originals->sweep());
      if (decisions != nullptr) static_cast<void>(decisions->sweep());
      if (offers != nullptr) static_cast<void>(offers->sweep());
      wake.wait_for(lock, stop, kSweepInterval, [] { return false; });
    }
  }

  std::jthread thread_;
};

/// nullptr where none is wanted.
base::Result<std::unique_ptr<audit::Log>> open_audit(const config::Options& options, const base::Clock& clock) {
  if (options.audit == "off") return nullptr;
  if (options.stateless) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      "--audit keeps a file, --stateless forbids it: leave one of them out");
  }
  const auto warn = [](std::string_view text) { fmt::print(stderr, "headroom: {}\n", text); };
  return audit::Log::open(audit_path(options), clock, {.content = options.audit == "content", .warn = warn});
}

base::Result<ExitCode> run(const Invocation& invocation) {
  config::Options options = invocation.options();
  // Agents look for it at the port.
  if (invocation.has("--clients")) options.uds.clear();
  if (auto checked = check_upstreams(options); !checked) return std::unexpected(checked.error());
  const base::SystemClock clock;
  const compress::Registry registry = compress::Registry::standard();
  const auto file = open_store_file(options);
  if (!file) return std::unexpected(file.error());
  auto store = open_originals(options, clock, *file);
  if (!store) return std::unexpected(store.error());
  auto ledger = open_ledger(options);
  if (!ledger) return std::unexpected(ledger.error());
  const auto decisions = open_decisions(options, clock, *file);
  if (!decisions) return std::unexpected(decisions.error());
  const auto offers = open_offers(options, clock, *file);
  if (!offers) return std::unexpected(offers.error());
  const auto classifier = make_classifier(options);
  context::PipelineOptions settings = pipeline_options(options);
  settings.decisions = decisions->get();
  settings.offers = offers->get();
  settings.classifier = classifier.get();
  const auto judge = make_judge(options);
  settings.judge = judge.get();
  // Loading takes longer than a request may wait; what keeps it from working is told with each decision.
  if (judge != nullptr) judge->warm_up();
  const context::Pipeline pipeline(registry, store->get(), clock, settings);
  const Sweeper sweeper(store->get(), decisions->get(), offers->get());
  proxy::Reload reload;
  reload.read_options = [&invocation]() -> base::Result<config::Options> {
    auto resolved = config::resolve(invocation.config().flags, config::process_environment());
    if (!resolved) return std::unexpected(resolved.error());
    return std::move(resolved->options);
  };
  reload.make_pipeline = [&](const config::Options& changed) {
    context::PipelineOptions anew = pipeline_options(changed);
    anew.decisions = settings.decisions;
    anew.offers = settings.offers;
    anew.classifier = settings.classifier;
    anew.judge = settings.judge;
    return std::make_shared<const context::Pipeline>(registry, store->get(), clock, std::move(anew));
  };
  const auto audit = open_audit(options, clock);
  if (!audit) return std::unexpected(audit.error());
  proxy::Services services{pipeline, store->get(), **ledger, clock, std::move(reload)};
  services.audit = audit->get();
  services.offers = offers->get();
  services.prove = [key = store::WorkspaceKey(options.workspace_dir), stateless = options.stateless](
                       std::string_view challenge, int port) {
    // Without one, the answer says that this cannot be proven.
    if (!stateless) static_cast<void>(key.make());
    return key.answer(challenge, port);
  };
  std::optional<ClientWatch> clients;
  if (invocation.has("--clients")) clients.emplace(std::string(invocation.get("--clients")), journal_folder(options));
  const auto code = proxy::run_proxy(options, std::move(services));
  if (!code) return std::unexpected(code.error());
  return *code == 0 ? ExitCode::kOk : ExitCode::kFailure;
}

}  // namespace

CommandSpec proxy_command() {
  return {
      .name = "proxy",
      .summary = "Stand between agents and their model provider, and compress what goes through.",
      .description =
          "Serves until it is interrupted, then lets requests in flight finish. Point an agent at it with its base "
          "URL: "
          "ANTHROPIC_BASE_URL=http://127.0.0.1:8787 or OPENAI_BASE_URL=http://127.0.0.1:8787/v1. Keys stay with the "
          "agent; "
          "they are passed on and never kept.",
      .args = {{"--clients",
                "FOLDER",
                "End when no program is left that holds a file of this folder locked; `headroom wrap` starts it so.",
                {}}},
      .config_options = config::kForProxy | config::kForConfig,
      .compat_flags = true,
      .examples =
          {"headroom proxy", "headroom proxy --port 9000 --log-level debug",
           "headroom proxy --openai-api-url http://127.0.0.1:11434   # a local server that speaks OpenAI's format"},
      .run = run,
  };
}

}  // namespace headroom::cli
