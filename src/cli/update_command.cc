#include "cli/update_command.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "agents/child.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "cli/program.h"
#include "update/install.h"
#include "update/notice.h"
#include "update/release.h"

namespace headroom::cli {
namespace {

using base::ErrorCode;
using update::Install;
using update::Release;
using update::Step;

/// Of these a person reads what stands below them.
constexpr std::array<std::string_view, 9> kMentionedBy = {"wrap", "unwrap", "init",   "install", "doctor",
                                                          "perf", "demo",   "replay", "models"};

std::string memory_file(const config::Options& options) {
  return options.workspace_dir + "/update.json";
}

update::Memory remembered(const config::Options& options) {
  std::ifstream file(memory_file(options), std::ios::binary);
  return update::read_memory(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// Best effort: what is not remembered is asked again.
void remember(const config::Options& options, const update::Memory& memory) {
  std::error_code error;
  if (!std::filesystem::is_directory(options.workspace_dir, error)) return;
  const std::string made = fmt::format("{}.{}", memory_file(options), ::getpid());
  std::ofstream(made, std::ios::binary) << update::memory_text(memory);
  std::filesystem::rename(made, memory_file(options), error);
}

bool is_on(const config::Environment& variable, std::string_view name) {
  const std::string value = variable(name).value_or("");
  return !value.empty() && value != "0" && value != "false" && value != "no";
}

/// What a client prints on standard output.
base::Result<std::string> printed_by(const std::vector<std::string>& command) {
  std::vector<std::string> words = {"/bin/sh", "-c", "exec \"$@\" 2>/dev/null", "sh"};
  words.insert(words.end(), command.begin(), command.end());
  const auto output = agents::run_child_for_output(words);
  if (!output) return std::unexpected(output.error());
  if (output->end.code == 0 && output->end.signal == 0) return output->text;
  return base::fail(ErrorCode::kUnavailable, fmt::format("`{}` failed; run it to see why", fmt::join(command, " ")));
}

Install own_install() {
  const config::Environment variable = config::process_environment();
  return update::find_install(agents::program_path(), variable("HOME").value_or("/"),
                              [](const std::string& file) { return ::access(file.c_str(), F_OK) == 0; });
}

/// What was found out.
struct Outcome {
  Install install;
  Release newest;
  bool known = false;  ///< there is a feed for this kind
  bool newer = false;  ///< than this program, and ours
};

base::Result<Outcome> look(const config::Options& options) {
  Outcome outcome{.install = own_install()};
  const std::vector<std::string> command = update::feed_command(outcome.install);
  update::Memory memory = remembered(options);
  memory.checked_ms = base::SystemClock().now_ms();
  remember(options, memory);
  if (command.empty()) return outcome;
  const auto newest = update::ClientFeed(command, printed_by).newest();
  // A source without tags has no release yet.
  const bool none = !newest && newest.error().code == ErrorCode::kNotFound;
  if (!newest && !none) return std::unexpected(newest.error());
  outcome.known = true;
  if (newest) outcome.newest = *newest;
  outcome.newer = outcome.newest.ours && update::is_newer(outcome.newest.version, version());
  memory.newest = outcome.newest.ours ? outcome.newest.version : std::string();
  remember(options, memory);
  return outcome;
}

std::string as_json(const Outcome& outcome, const Step& step) {
  base::JsonWriter json;
  json.begin_object().member("version", version()).member("installed_as", update::kind_name(outcome.install.kind));
  json.member("program", outcome.install.program)
      .member("known", outcome.known)
      .member("newest", outcome.newest.version);
  json.member("ours", outcome.newest.ours).member("newer", outcome.newer);
  json.member("step", outcome.newer || !outcome.known ? step.text : std::string()).end_object();
  return json.text() + "\n";
}

std::string as_text(const Outcome& outcome, const Step& step) {
  const std::string here = fmt::format("headroom {} ({}, {})\n", version(), update::kind_name(outcome.install.kind),
                                       outcome.install.program);
  if (!outcome.known) {
    return here + fmt::format("No registry knows of a program that came here in this way. For a newer release: {}\n",
                              step.text);
  }
  if (outcome.newest.version.empty()) return here + "There is no release there.\n";
  if (!outcome.newest.ours) {
    return here + fmt::format("{} is the newest of that name, but of another program: there is nothing to update to.\n",
                              outcome.newest.version);
  }
  if (!outcome.newer) return here + fmt::format("{} is the newest release: nothing to do.\n", outcome.newest.version);
  return here + fmt::format("{} is there. {}: {}\n", outcome.newest.version,
                            step.command.empty() ? "To update" : "To update (--yes does it)", step.text);
}

base::Result<ExitCode> run(const Invocation& invocation) {
  if (is_on(config::process_environment(), "HEADROOM_OFFLINE")) {
    return base::fail(ErrorCode::kInvalidArgument, "HEADROOM_OFFLINE is set: nothing is asked of the network");
  }
  const auto outcome = look(invocation.options());
  if (!outcome) return std::unexpected(outcome.error());
  const std::string wanted = outcome->newest.version.empty() ? "VERSION" : outcome->newest.version;
  const Step step = update::step_for(outcome->install, wanted);
  const std::string text = invocation.has("--json") ? as_json(*outcome, step) : as_text(*outcome, step);
  if (!invocation.console().print(text)) return base::fail(ErrorCode::kIo, "cannot write the output");
  if (invocation.has("--check") || !invocation.has("--yes") || !outcome->newer || step.command.empty()) {
    return ExitCode::kOk;
  }
  const auto end = agents::run_child(step.command, {});
  if (!end) return std::unexpected(end.error());
  return static_cast<ExitCode>(agents::end_like(*end));
}

}  // namespace

CommandSpec update_command() {
  return {
      .name = "update",
      .summary = "See whether there is a newer release, and how to get it.",
      .description =
          "Tells from where the program is how it came there (pip, pipx, uv tool, npm, source, a package of the "
          "system, "
          "a "
          "file by itself), asks the client that installed it for the newest release, with the mirrors that the client "
          "is set up with, and shows the command that puts exactly that release in place. A release that is not of "
          "this program, or not newer, is never installed. Once a day other commands look for a release in the "
          "background and mention it when standard error is a terminal; not in CI, nor with HEADROOM_OFFLINE=1 or "
          "HEADROOM_UPDATE_CHECK=0.",
      .args =
          {{"--check", "", "Only look, whatever else is said; exit code 0 whether there is a newer one or not.", {}},
           {"--yes", "", "Run the command that is shown.", {}},
           {"--json", "", "Write one JSON object.", {}}},
      .config_options = config::kForConfig,
      .examples = {"headroom update", "headroom update --check --json", "headroom update --yes"},
      .run = run,
  };
}

void mention_update(const CommandSpec& command, const config::Options& options, Console& console) {
  const config::Environment variable = config::process_environment();
  const bool unwanted = std::ranges::find(kMentionedBy, command.name) == kMentionedBy.end() ||
                        ::isatty(STDERR_FILENO) == 0 || is_on(variable, "CI") || is_on(variable, "HEADROOM_OFFLINE") ||
                        !options.update_check;
  std::error_code error;
  if (unwanted || !std::filesystem::is_directory(options.workspace_dir, error)) return;
  update::Memory memory = remembered(options);
  const std::int64_t now_ms = base::SystemClock().now_ms();
  const update::Due due = update::due(memory, version(), now_ms);
  if (due.tell) {
    console.note(fmt::format("headroom: {} is there, this is {}; `headroom update` shows how to get it\n",
                             memory.newest, version()));
    memory.told_ms = now_ms;
  }
  // Before it is asked: what fails is tried again tomorrow.
  if (due.look) memory.checked_ms = now_ms;
  if (due.tell || due.look) remember(options, memory);
  if (due.look) {
    static_cast<void>(agents::start_detached(
        {agents::program_path(), "update", "--check", "--workspace-dir", options.workspace_dir}, "/dev/null"));
  }
}

}  // namespace headroom::cli
