#include "cli/perf_command.h"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "cli/perf_report.h"
#include "cli/workspace.h"

namespace headroom::cli {
namespace {

constexpr std::size_t kMaxRawRows = 100'000;

base::Result<std::int64_t> hours_of(const Invocation& invocation) {
  const std::string_view text = invocation.get("--hours", "168");
  std::int64_t hours = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
  if (error == std::errc() && end == text.data() + text.size() && hours >= 0 && hours <= 1'000'000) return hours;
  return base::fail(base::ErrorCode::kInvalidArgument,
                    fmt::format("--hours: '{}' is not a whole number from 0 (all) to 1000000", text));
}

/// The ledger on disk; an empty one when nothing was ever recorded, without making a file.
base::Result<std::unique_ptr<store::Ledger>> existing_ledger(const config::Options& options) {
  std::error_code ignored;
  if (!std::filesystem::exists(ledger_path(options), ignored)) return store::make_memory_ledger();
  return store::open_sqlite_ledger(ledger_path(options));
}

base::Result<std::string> raw_report(store::Ledger& ledger, std::int64_t since_ms, store::Scope scope,
                                     std::string_view format, const Console& console) {
  auto rows = ledger.recent(kMaxRawRows, scope);
  if (!rows) return std::unexpected(rows.error());
  std::erase_if(*rows, [&](const store::LedgerRow& row) { return row.time_ms < since_ms; });
  if (format == "json") return rows_json(*rows);
  return format == "csv" ? rows_csv(*rows) : rows_text(*rows, console);
}

base::Result<std::string> summary_report(store::Ledger& ledger, std::int64_t since_ms, store::Scope scope,
                                         std::int64_t hours, std::string_view format, const Console& console) {
  const auto summary = ledger.summary(since_ms, scope);
  if (!summary) return std::unexpected(summary.error());
  if (format == "json") return perf_json(*summary, hours);
  return format == "csv" ? perf_csv(*summary) : perf_text(*summary, hours, console);
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const auto hours = hours_of(invocation);
  if (!hours) return std::unexpected(hours.error());
  auto ledger = existing_ledger(invocation.options());
  if (!ledger) return std::unexpected(ledger.error());
  const std::int64_t since_ms = *hours == 0 ? 0 : base::SystemClock().now_ms() - *hours * 3600 * 1000;
  const std::string_view format = invocation.has("--json") ? "json" : invocation.get("--format", "text");
  const store::Scope scope =
      invocation.has("--project") ? store::Scope(invocation.get("--project")) : store::kEveryProject;
  Console& console = invocation.console();
  const auto report = invocation.has("--raw") ? raw_report(**ledger, since_ms, scope, format, console)
                                              : summary_report(**ledger, since_ms, scope, *hours, format, console);
  if (!report) return std::unexpected(report.error());
  if (!console.print(*report)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec perf_command() {
  return {
      .name = "perf",
      .summary = "Show what was saved, from the ledger of all requests.",
      .description = "",
      .args = {{"--hours", "HOURS", "Only the last HOURS hours (168); 0 for all.", {}},
               {"--format", "FORMAT", "How to write it (text).", {"text", "json", "csv"}},
               {"--json", "", "The same as --format json.", {}},
               {"--project", "NAME", "Only requests of this project.", {}},
               {"--raw", "", "Single requests, newest first, instead of sums.", {}}},
      .config_options = config::kForPerf,
      .examples = {"headroom perf", "headroom perf --hours 24 --format json",
                   "headroom perf --raw --format csv > requests.csv"},
      .run = run,
  };
}

}  // namespace headroom::cli
