#include "base/json_writer.h"
#include "mcp/tools.h"

namespace headroom::mcp {
namespace {

void write_sums(base::JsonWriter& json, std::string_view name, const store::LedgerSummary& sum) {
  const std::int64_t saved = sum.tokens_before - sum.tokens_after;
  json.key(name).begin_object().member("requests", sum.requests).member("compressed", sum.compressed);
  json.member("tokens_before", sum.tokens_before)
      .member("tokens_after", sum.tokens_after)
      .member("tokens_saved", saved);
  json.member("savings_percent", sum.tokens_before == 0
                                     ? 0.0
                                     : 100.0 * static_cast<double>(saved) / static_cast<double>(sum.tokens_before));
  json.end_object();
}

ToolResult call(const Workbench& bench) {
  bench.ledger.flush();
  const auto session = bench.ledger.summary(bench.started_ms);
  if (!session) return failure(session.error().message);
  const auto all = bench.ledger.summary(0);
  if (!all) return failure(all.error().message);
  base::JsonWriter json;
  json.begin_object();
  write_sums(json, "session", *session);
  write_sums(json, "all", *all);
  if (bench.store != nullptr) {
    const auto stats = bench.store->stats();
    if (!stats) return failure(stats.error().message);
    json.key("store").begin_object().member("originals", stats->entries).member("bytes", stats->bytes);
    json.member("retrievals", stats->retrievals).end_object();
  }
  json.end_object();
  ToolResult result;
  result.structured = std::move(json).take();
  result.text = result.structured;
  return result;
}

}  // namespace

Tool stats_tool(const Workbench& bench) {
  Tool tool;
  tool.name = "headroom_stats";
  tool.title = "What was saved";
  tool.description =
      "Tokens before and after compression, the proxy's included: `session` since this server started, `all` ever.";
  tool.output = {{"session", FieldType::kObject, "Since this server started.", true},
                 {"all", FieldType::kObject, "Of all time.", true},
                 {"store", FieldType::kObject, "Originals that can be got back."}};
  tool.call = [&bench](const Arguments&, const CallContext&) { return call(bench); };
  return tool;
}

}  // namespace headroom::mcp
