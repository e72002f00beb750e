#include "cli/retrievals_command.h"

#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "cli/table.h"
#include "cli/workspace.h"
#include "context/gentleness.h"

namespace headroom::cli {
namespace {

using context::LearnedStep;

/// Where it is noted; kept in memory, and empty, when there is no file yet, as looking makes none.
base::Result<std::unique_ptr<store::OfferRecord>> existing_offers(const config::Options& options,
                                                                  const base::Clock& clock) {
  std::error_code ignored;
  if (!std::filesystem::exists(originals_path(options), ignored)) return store::make_memory_offers({}, clock);
  return store::open_sqlite_offers(originals_path(options), {}, clock);
}

base::Result<ExitCode> print(const Invocation& invocation, std::string_view text) {
  if (!invocation.console().print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

std::string share_of(std::int64_t retrieved, std::int64_t offered) {
  if (offered == 0) return "-";
  return fmt::format("{}/{} ({:.0f}%)", retrieved, offered,
                     100.0 * static_cast<double>(retrieved) / static_cast<double>(offered));
}

std::string table_text(const std::vector<LearnedStep>& steps, const Console& console) {
  if (steps.empty()) {
    return "Nothing was noted yet. A proxy notes what models ask for where they have a tool for it: see "
           "--ccr-tool-injection.\n";
  }
  Table table({{"tool"},
               {"compressor"},
               {"project"},
               {"asked for", true},
               {"when gentler", true},
               {"now"},
               {"why", false, 200}});
  for (const LearnedStep& one : steps) {
    table.add({one.tool, one.compressor, one.project, share_of(one.usual_retrieved, one.usual_offers),
               share_of(one.gentler_retrieved, one.gentler_offers), std::string(context::gentleness_name(one.step)),
               one.why});
  }
  return table.text([&](std::string_view line) { return console.paint(Colour::kBold, line); });
}

base::Result<ExitCode> show(const Invocation& invocation, store::OfferRecord& offers, store::Scope scope) {
  const auto counts = offers.counts(scope);
  if (!counts) return std::unexpected(counts.error());
  std::vector<LearnedStep> steps = context::learn(*counts);
  if (invocation.has("--tool")) {
    std::erase_if(steps, [&](const LearnedStep& one) { return one.tool != invocation.get("--tool"); });
  }
  if (!invocation.has("--json")) return print(invocation, table_text(steps, invocation.console()));
  base::JsonWriter json;
  json.begin_object().key("compressors").begin_array();
  for (const LearnedStep& one : steps) context::write_learned(json, one);
  json.end_array().end_object();
  return print(invocation, json.text() + "\n");
}

base::Result<ExitCode> reset(const Invocation& invocation, store::OfferRecord& offers, store::Scope scope) {
  const auto tool = invocation.has("--tool") ? std::optional(invocation.get("--tool")) : std::nullopt;
  const auto forgotten = offers.forget(tool, scope);
  if (!forgotten) return std::unexpected(forgotten.error());
  if (invocation.has("--json")) {
    base::JsonWriter json;
    json.begin_object().member("forgotten", *forgotten).end_object();
    return print(invocation, json.text() + "\n");
  }
  return print(invocation,
               fmt::format("Forgot {}. Conversations that begin from now on are compressed as usual{}; those under way "
                           "go on as they began.\n",
                           counted(*forgotten, "original"), tool ? fmt::format(" for {}", *tool) : ""));
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const base::SystemClock clock;
  const auto offers = existing_offers(invocation.options(), clock);
  if (!offers) return std::unexpected(offers.error());
  const store::Scope scope =
      invocation.has("--project") ? store::Scope(invocation.get("--project")) : store::kEveryProject;
  return invocation.get("ACTION", "show") == "reset" ? reset(invocation, **offers, scope)
                                                     : show(invocation, **offers, scope);
}

}  // namespace

CommandSpec retrievals_command() {
  return {
      .name = "retrievals",
      .summary = "Show what models asked for of what was left out, and where less is left out because of it.",
      .description =
          "For each tool and compressor: how many originals of the last 14 days models could ask for, how many of them "
          "they did ask for, and what follows. Where that is often, a compressor leaves less out of the tool's results "
          "(gentler), and if that is not enough, nothing (lossless), in conversations that begin later. `reset` "
          "forgets "
          "what was noted. A proxy with --no-ccr-learning notes and changes nothing.",
      .args = {{"ACTION", "", "What to do; without it, show.", {"show", "reset"}},
               {"--tool", "NAME", "Only of this tool.", {}},
               {"--project", "NAME", "Only of this project.", {}},
               {"--json", "", "One JSON object instead of a table.", {}}},
      .config_options = config::kForConfig,
      .examples = {"headroom retrievals", "headroom retrievals --tool Bash --json", "headroom retrievals reset"},
      .run = run,
  };
}

}  // namespace headroom::cli
