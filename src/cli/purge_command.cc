#include "cli/purge_command.h"

#include <charconv>

#include <fmt/format.h>

#include "audit/log.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/project_name.h"
#include "cli/workspace.h"
#include "store/purge.h"

namespace headroom::cli {
namespace {

/// "90m", "12h", "30d" in milliseconds.
base::Result<std::int64_t> age_of(std::string_view text) {
  const auto bad = [&] {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("--older-than: '{}' is no age, such as 90m, 12h or 30d", text));
  };
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count <= 0 || count > 1'000'000 || end + 1 != text.data() + text.size()) return bad();
  constexpr std::int64_t kMinute = 60'000;
  switch (*end) {
    case 'm':
      return count * kMinute;
    case 'h':
      return count * 60 * kMinute;
    case 'd':
      return count * 24 * 60 * kMinute;
    default:
      return bad();
  }
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const bool all = invocation.has("--everything");
  const bool of_project = invocation.has("--project");
  if ((all && (of_project || invocation.has("--older-than"))) ||
      (!all && !of_project && !invocation.has("--older-than"))) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      "say what to delete: --everything, --older-than AGE, --project NAME, or the last two together");
  }
  const std::string project(invocation.get("--project"));
  if (of_project && !base::is_project_name(project)) {
    return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("--project: {}", base::kProjectNameRule));
  }
  const auto age =
      all || !invocation.has("--older-than") ? base::Result<std::int64_t>(0) : age_of(invocation.get("--older-than"));
  if (!age) return std::unexpected(age.error());
  const config::Options& options = invocation.options();
  const base::SystemClock clock;
  const auto purged = store::purge(originals_path(options), ledger_path(options), *age,
                                   of_project ? store::Scope(project) : store::kEveryProject, clock);
  if (!purged) return std::unexpected(purged.error());
  const auto audit_lines = all ? audit::purge(audit_path(options)) : base::Result<std::uint64_t>(0);
  if (!audit_lines) return std::unexpected(audit_lines.error());
  std::string text;
  if (invocation.has("--json")) {
    base::JsonWriter json;
    json.begin_object().member("workspace", options.workspace_dir);
    if (of_project) json.member("project", project);
    json.member("originals", purged->originals);
    json.member("bytes", purged->bytes).member("conversations", purged->conversations);
    json.member("ledger_rows", purged->ledger_rows);
    if (all) json.member("audit_lines", *audit_lines);
    json.end_object();
    text = json.text() + "\n";
  } else {
    text = fmt::format("Deleted from {}{}:\n  {} originals, {} bytes\n  {} conversations\n  {} rows of the ledger\n",
                       options.workspace_dir, of_project ? fmt::format(", project {}", project) : "", purged->originals,
                       purged->bytes, purged->conversations, purged->ledger_rows);
    if (*audit_lines > 0) text += fmt::format("  {} lines of the audit trail\n", *audit_lines);
  }
  if (!invocation.console().print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec purge_command() {
  return {
      .name = "purge",
      .summary = "Delete stored originals, decisions and figures, and say how many.",
      .description =
          "Really deletes: the bytes are overwritten in the workspace's files. A proxy may go on running; a "
          "conversation "
          "that is still alive stores again what it refers to when its client sends it. Markers that only an old "
          "transcript holds can no longer be resolved.",
      .args = {{"--everything", "", "All of the workspace, the audit trail too.", {}},
               {"--older-than", "AGE", "What was not used for so long: 90m, 12h, 30d.", {}},
               {"--project", "NAME", "Only what is of this project (/p/NAME/ or x-headroom-project).", {}},
               {"--json", "", "Write one JSON object.", {}}},
      .config_options = config::kForConfig,
      .examples = {"headroom purge --older-than 30d", "headroom purge --project shop", "headroom purge --everything"},
      .run = run,
  };
}

}  // namespace headroom::cli
