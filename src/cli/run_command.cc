#include "cli/run_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "agents/child.h"
#include "base/json_string.h"
#include "cli/shell_words.h"
#include "cli/workspace.h"
#include "compress/registry/registry.h"
#include "context/sums.h"
#include "detect/tool_call.h"

namespace headroom::cli {
namespace {

constexpr int kNoSuchProgram = 127;  // as a shell says it

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

/// The output as an agent is to read it; as it is where nothing is gained or originals cannot be kept.
std::string compressed(const Invocation& invocation, const std::vector<std::string>& words, const std::string& text) {
  const config::Options& options = invocation.options();
  const base::SystemClock clock;
  auto opened = open_originals(options, clock);
  if (!opened) {
    invocation.console().note(
        fmt::format("headroom: nothing is dropped, because originals cannot be stored: {}\n", opened.error().message));
  }
  const std::unique_ptr<store::OriginalStore> store = opened ? *std::move(opened) : nullptr;
  const compress::Registry registry = compress::Registry::standard();
  const context::Pipeline pipeline(registry, store.get(), clock, pipeline_options(options));
  compress::Query query;
  query.user = invocation.get("--query");
  query.tool_name = "Bash";
  query.tool_arguments = fmt::format("{{\"command\":{}}}", base::encode_json_string(joined(words)));
  query.call = detect::read_tool_call(query.tool_name, query.tool_arguments);
  const std::int64_t start_ns = clock.monotonic_ns();
  const context::Outcome outcome =
      pipeline.compress_text(text, query, invocation.get("--model", "gpt-4o"), detect::ContentType::kOther, {});
  if (auto ledger = options.stateless ? base::Result<std::unique_ptr<store::Ledger>>(nullptr) : open_ledger(options);
      ledger && *ledger != nullptr) {
    store::LedgerRow row;
    row.time_ms = clock.now_ms();
    row.source = "run";
    row.api = "text";
    row.compress_us = row.total_us = (clock.monotonic_ns() - start_ns) / 1000;
    context::count_outcome(outcome, row);
    (*ledger)->append(std::move(row));
  }
  return outcome.changed ? outcome.body : text;
}

/// The command line of the tool that HEADROOM_CONTEXT_TOOL picks; empty for our own.
base::Result<std::vector<std::string>> by_other_tool(const std::vector<std::string>& words) {
  const config::Environment variable = config::process_environment();
  const std::string tool = variable("HEADROOM_CONTEXT_TOOL").value_or("headroom");
  if (tool.empty() || tool == "headroom") return std::vector<std::string>{};
  if (tool != "rtk" && tool != "lean-ctx") {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("HEADROOM_CONTEXT_TOOL: '{}' is none of headroom, rtk, lean-ctx", tool));
  }
  if (agents::find_program(tool, variable("PATH").value_or("")).empty()) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("HEADROOM_CONTEXT_TOOL: {} is not on the PATH", tool));
  }
  if (tool == "lean-ctx") return std::vector<std::string>{tool, "-c", shell_line(words)};
  std::vector<std::string> line = {tool};
  line.insert(line.end(), words.begin(), words.end());
  return line;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const std::vector<std::string>& words = invocation.rest();
  if (words.empty()) return base::fail(base::ErrorCode::kInvalidArgument, "which command? headroom run -- CMD ARGS");
  const auto other = by_other_tool(words);
  if (!other) return std::unexpected(other.error());
  const auto ended = [&](const base::Error& error) -> base::Result<ExitCode> {
    if (error.code != base::ErrorCode::kNotFound) return std::unexpected(error);
    invocation.console().error(error.message);
    return static_cast<ExitCode>(kNoSuchProgram);
  };
  // A person at a terminal reads it as it comes, and may have to answer.
  if (!other->empty() || invocation.console().out_is_terminal()) {
    const auto end = agents::run_child(other->empty() ? words : *other, {});
    if (!end) return ended(end.error());
    return static_cast<ExitCode>(agents::end_like(*end));
  }
  const auto output = agents::run_child_for_output(words);
  if (!output) return ended(output.error());
  if (!invocation.console().print(compressed(invocation, words, output->text))) {
    return base::fail(base::ErrorCode::kIo, "cannot write the output");
  }
  return static_cast<ExitCode>(agents::end_like(output->end));
}

}  // namespace

CommandSpec run_command() {
  return {
      .name = "run",
      .summary = "Run a command and print what it printed, compressed.",
      .description =
          "For hooks and agents that run shell commands: the command's standard output and error come out together, "
          "compressed by what the command is; its exit code and the signal that ended it are this command's. What was "
          "left out can be had by `headroom retrieve`. On a terminal the command runs as it is. HEADROOM_CONTEXT_TOOL "
          "hands the command to rtk or lean-ctx instead.",
      .args = {{"--query", "QUESTION", "What the reader wants to know; steers what is kept.", {}},
               {"--model", "MODEL", "Model whose tokens are counted (gpt-4o).", {}}},
      .config_options = config::kForCompress,
      .rest = "CMD ARGS",
      .examples = {"headroom run -- pytest -q", "headroom run --query 'which test is slow?' -- pytest --durations=0"},
      .run = run,
  };
}

}  // namespace headroom::cli
