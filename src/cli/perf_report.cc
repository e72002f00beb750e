#include "cli/perf_report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/table.h"

namespace headroom::cli {
namespace {

using store::LedgerGroup;
using store::LedgerRow;
using store::LedgerSummary;

std::string utc_time(std::int64_t time_ms) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(time_ms / 1000)),
                     time_ms % 1000);
}

/// RFC 4180: quoted only when it must be.
std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string group_table(std::string_view heading, std::span<const LedgerGroup> groups, const Console& console) {
  if (groups.empty()) return "";
  Table table({{heading}, {"requests", true}, {"before", true}, {"after", true}, {"saved", true}});
  for (const LedgerGroup& group : groups) {
    table.add({group.key.empty() ? "(none)" : group.key, with_commas(group.requests), with_commas(group.tokens_before),
               with_commas(group.tokens_after), saved_percent(group.tokens_before, group.tokens_after)});
  }
  return "\n" + table.text([&](std::string_view line) { return console.paint(Colour::kBold, line); });
}

void write_groups(base::JsonWriter& json, std::string_view name, std::span<const LedgerGroup> groups) {
  json.key(name).begin_array();
  for (const LedgerGroup& group : groups) {
    json.begin_object()
        .member("key", group.key)
        .member("requests", group.requests)
        .member("tokens_before", group.tokens_before)
        .member("tokens_after", group.tokens_after)
        .member("tokens_saved", group.tokens_before - group.tokens_after)
        .end_object();
  }
  json.end_array();
}

std::string csv_group(std::string_view name, const LedgerGroup& group) {
  return fmt::format("{},{},{},{},{},{}\n", name, csv_cell(group.key), group.requests, group.tokens_before,
                     group.tokens_after, group.tokens_before - group.tokens_after);
}

std::string billed(std::int64_t tokens) {
  return tokens < 0 ? "" : std::to_string(tokens);
}

}  // namespace

std::string perf_text(const LedgerSummary& summary, std::int64_t hours, const Console& console) {
  const std::string window = hours == 0 ? "all time" : fmt::format("last {}", counted(hours, "hour"));
  if (summary.requests == 0) return fmt::format("No requests in the {}.\n", hours == 0 ? "ledger" : window);
  std::string out = fmt::format("{}, {}\n\n", console.paint(Colour::kBold, "Headroom"), window);
  out += fmt::format("  requests        {} ({} compressed, {} failed)\n", with_commas(summary.requests),
                     with_commas(summary.compressed), with_commas(summary.failed));
  out += fmt::format("  tokens          {} -> {}, {} saved\n", with_commas(summary.tokens_before),
                     with_commas(summary.tokens_after), saved_percent(summary.tokens_before, summary.tokens_after));
  if (summary.estimated_requests > 0) {
    out += fmt::format("                  of {} an estimate: their model's tokenizer is not public\n",
                       counted(summary.estimated_requests, "request"));
  }
  out += fmt::format("  billed          {} input, {} cached, {} output, where the provider said so\n",
                     with_commas(summary.billed_input), with_commas(summary.billed_cached),
                     with_commas(summary.billed_output));
  out += fmt::format("  our own time    p50 {:.1f} ms, p95 {:.1f} ms, p99 {:.1f} ms a request\n",
                     summary.compress_ms_p50, summary.compress_ms_p95, summary.compress_ms_p99);
  out += fmt::format("  first byte      p50 {:.1f} ms\n", summary.ttfb_ms_p50);
  out += group_table("model", summary.by_model, console);
  out += group_table("transform", summary.by_transform, console);
  out += group_table("source", summary.by_source, console);
  out += group_table("project", summary.by_project, console);
  return out;
}

std::string perf_json(const LedgerSummary& summary, std::int64_t hours) {
  base::JsonWriter json;
  json.begin_object().member("hours", hours).member("since_ms", summary.since_ms);
  json.member("total_requests", summary.requests)
      .member("compressed_requests", summary.compressed)
      .member("failed_requests", summary.failed)
      .member("estimated_requests", summary.estimated_requests);
  json.key("totals").begin_object();
  json.member("tokens_before", summary.tokens_before)
      .member("tokens_after", summary.tokens_after)
      .member("tokens_saved", summary.tokens_before - summary.tokens_after)
      .member("billed_input", summary.billed_input)
      .member("billed_cached", summary.billed_cached)
      .member("billed_output", summary.billed_output)
      .end_object();
  json.key("overhead").begin_object();
  json.member("unit", "ms")
      .member("p50", summary.compress_ms_p50)
      .member("p95", summary.compress_ms_p95)
      .member("p99", summary.compress_ms_p99)
      .member("mean", summary.compress_ms_mean)
      .end_object();
  json.key("ttfb").begin_object().member("unit", "ms").member("p50", summary.ttfb_ms_p50).end_object();
  write_groups(json, "by_model", summary.by_model);
  write_groups(json, "by_transform", summary.by_transform);
  write_groups(json, "by_source", summary.by_source);
  write_groups(json, "by_project", summary.by_project);
  json.end_object();
  return json.text() + "\n";
}

std::string perf_csv(const LedgerSummary& summary) {
  std::string out = "group,key,requests,tokens_before,tokens_after,tokens_saved\n";
  out += csv_group("total", {"", summary.requests, summary.tokens_before, summary.tokens_after});
  for (const LedgerGroup& group : summary.by_model) out += csv_group("model", group);
  for (const LedgerGroup& group : summary.by_transform) out += csv_group("transform", group);
  for (const LedgerGroup& group : summary.by_source) out += csv_group("source", group);
  for (const LedgerGroup& group : summary.by_project) out += csv_group("project", group);
  return out;
}

std::string rows_text(std::span<const LedgerRow> rows, const Console& console) {
  Table table({{"time"},
               {"source"},
               {"model"},
               {"status", true},
               {"before", true},
               {"after", true},
               {"saved", true},
               {"ms", true},
               {"transforms"}});
  for (const LedgerRow& row : rows) {
    table.add({utc_time(row.time_ms), row.source, row.model, row.status == 0 ? "" : std::to_string(row.status),
               with_commas(row.tokens_before), with_commas(row.tokens_after),
               saved_percent(row.tokens_before, row.tokens_after),
               fmt::format("{:.1f}", static_cast<double>(row.compress_us) / 1000),
               row.transforms.empty() ? row.skip_reason : row.transforms});
  }
  return table.text([&](std::string_view line) { return console.paint(Colour::kBold, line); });
}

std::string rows_json(std::span<const LedgerRow> rows) {
  base::JsonWriter json;
  json.begin_array();
  for (const LedgerRow& row : rows) {
    json.begin_object()
        .member("time_ms", row.time_ms)
        .member("source", row.source)
        .member("api", row.api)
        .member("model", row.model)
        .member("status", row.status)
        .member("stream", row.stream)
        .member("estimate", row.estimate)
        .member("tokens_before", row.tokens_before)
        .member("tokens_after", row.tokens_after)
        .member("billed_input", row.billed_input)
        .member("billed_cached", row.billed_cached)
        .member("billed_output", row.billed_output)
        .member("compress_us", row.compress_us)
        .member("total_us", row.total_us)
        .member("ttfb_us", row.ttfb_us)
        .member("transforms", row.transforms)
        .member("skip_reason", row.skip_reason)
        .member("project", row.project)
        .end_object();
  }
  json.end_array();
  return json.text() + "\n";
}

std::string rows_csv(std::span<const LedgerRow> rows) {
  std::string out =
      "time,source,api,model,status,stream,estimate,tokens_before,tokens_after,billed_input,billed_cached,billed_"
      "output,"
      "compress_us,total_us,ttfb_us,transforms,skip_reason,project\n";
  for (const LedgerRow& row : rows) {
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", utc_time(row.time_ms),
                       csv_cell(row.source), csv_cell(row.api), csv_cell(row.model), row.status, row.stream,
                       row.estimate, row.tokens_before, row.tokens_after, billed(row.billed_input),
                       billed(row.billed_cached), billed(row.billed_output), row.compress_us, row.total_us,
                       billed(row.ttfb_us), csv_cell(row.transforms), csv_cell(row.skip_reason), csv_cell(row.project));
  }
  return out;
}

}  // namespace headroom::cli
