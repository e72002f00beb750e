#include <algorithm>
#include <vector>

#include "base/json_writer.h"
#include "context/gentleness.h"
#include "proxy/query_string.h"
#include "proxy/status_api.h"
#include "proxy/version.h"

namespace headroom::proxy {
namespace {

constexpr std::size_t kRecentRequests = 20;

double percent_saved(std::int64_t before, std::int64_t after) {
  return before > 0 ? 100.0 * static_cast<double>(before - after) / static_cast<double>(before) : 0.0;
}

void write_groups(base::JsonWriter& json, std::string_view name, const std::vector<store::LedgerGroup>& groups) {
  json.key(name).begin_object();
  for (const store::LedgerGroup& group : groups) {
    json.key(group.key).begin_object();
    json.member("requests", group.requests).member("tokens_before", group.tokens_before);
    json.member("tokens_after", group.tokens_after).member("tokens_saved", group.tokens_before - group.tokens_after);
    json.end_object();
  }
  json.end_object();
}

void write_summary(base::JsonWriter& json, const store::LedgerSummary& sum) {
  const auto most = std::max_element(sum.by_model.begin(), sum.by_model.end(),
                                     [](const auto& a, const auto& b) { return a.requests < b.requests; });
  json.key("summary").begin_object();
  json.member("api_requests", sum.requests);
  json.member("primary_model", most == sum.by_model.end() ? std::string_view() : std::string_view(most->key));
  json.member("uncompressed_requests", sum.requests - sum.compressed);
  json.key("compression").begin_object();
  json.member("requests_compressed", sum.compressed);
  json.member("avg_compression_pct", percent_saved(sum.tokens_before, sum.tokens_after));
  json.member("total_tokens_before", sum.tokens_before);
  json.member("total_tokens_removed", sum.tokens_before - sum.tokens_after);
  json.end_object().end_object();
}

void write_tokens(base::JsonWriter& json, const store::LedgerSummary& sum) {
  json.key("tokens").begin_object();
  json.member("total_before_compression", sum.tokens_before).member("total_after_compression", sum.tokens_after);
  json.member("saved", sum.tokens_before - sum.tokens_after);
  json.member("savings_percent", percent_saved(sum.tokens_before, sum.tokens_after));
  json.member("counted_by_estimate_requests", sum.estimated_requests);
  json.member("input", sum.billed_input).member("cached_input", sum.billed_cached).member("output", sum.billed_output);
  json.member("input_is", "billed by the provider, where its answer said so").end_object();
}

/// What became of what requests begin with (docs/CACHE.md), and of what was sent before.
void write_prefixes(base::JsonWriter& json, const store::LedgerSummary& sum) {
  json.key("prefixes").begin_object();
  json.member("drifts", sum.drifts).member("drifts_sent_as_they_came", sum.drifts_accepted);
  json.member("requests_that_revised", sum.revised).member("old_results_rewritten", sum.rewritten).end_object();
}

void write_times(base::JsonWriter& json, const store::LedgerSummary& sum) {
  json.key("overhead").begin_object();
  json.member("average_ms", sum.compress_ms_mean).member("p50_ms", sum.compress_ms_p50);
  json.member("p95_ms", sum.compress_ms_p95).member("p99_ms", sum.compress_ms_p99).end_object();
  json.key("ttfb").begin_object().member("p50_ms", sum.ttfb_ms_p50).end_object();
}

void write_store(base::JsonWriter& json, const Services& services, store::Scope scope) {
  const auto stats = services.store != nullptr ? services.store->stats(scope) : store::StoreStats{};
  json.key("compression").begin_object();
  if (stats) {
    json.member("ccr_entries", stats->entries).member("original_tokens_cached", stats->tokens);
    json.member("original_bytes", stats->bytes).member("ccr_retrievals", stats->retrievals);
    json.member("backend", services.store != nullptr ? std::string_view(stats->backend) : "none");
  } else {
    json.member("error", stats.error().message);
  }
  json.member("totals_scope", "store").end_object();
}

void write_sum(base::JsonWriter& json, const RetrievalSum& sum) {
  json.member("calls", sum.calls).member("hits", sum.hits).member("tokens", sum.tokens);
  json.member("ms", static_cast<double>(sum.us) / 1000);
  json.member("results", sum.results).member("tokens_saved", sum.saved);
  json.member("net_tokens_saved", sum.saved - sum.tokens);
}

/// What follows for the compressors from what models asked for (docs/RETRIEVAL.md).
void write_learned_steps(base::JsonWriter& json, store::OfferRecord* offers, store::Scope scope) {
  const auto counts = offers != nullptr ? offers->counts(scope) : std::vector<store::OfferCount>{};
  json.key("learned").begin_object().member("enabled", offers != nullptr).key("compressors").begin_array();
  if (counts) {
    for (const context::LearnedStep& learned : context::learn(*counts)) context::write_learned(json, learned);
  }
  json.end_array();
  if (!counts) json.member("error", counts.error().message);
  json.end_object();
}

double percent_of(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

/// What the model got back by itself; always of this process.
void write_retrievals(base::JsonWriter& json, const RetrievalCounts::Sums& sums) {
  json.key("retrievals").begin_object().member("window", "process");
  write_sum(json, sums.all);
  json.member("hit_percent", percent_of(sums.all.hits, sums.all.calls)).member("offers", sums.offers);
  json.member("answers_percent", percent_of(sums.answers, sums.offers));
  json.member("further_input_tokens", sums.more_input).member("further_cached_tokens", sums.more_cached);
  json.member("further_output_tokens", sums.more_output);
  json.member("answers", sums.answers).member("rounds", sums.rounds).member("failed_rounds", sums.failed);
  const auto groups = [&](std::string_view name, const auto& group) {
    json.key(name).begin_object();
    for (const auto& [key, sum] : group) {
      json.key(key).begin_object();
      write_sum(json, sum);
      json.end_object();
    }
    json.end_object();
  };
  groups("by_tool", sums.by_tool);
  groups("by_compressor", sums.by_compressor);
  groups("by_content_type", sums.by_type);
  json.end_object();
}

/// Answers that were given without asking; always of this process.
void write_cache(base::JsonWriter& json, const ServerState& state) {
  json.key("cache").begin_object().member("window", "process").member("enabled", state.cache_s > 0);
  json.member("ttl_seconds", state.cache_s).member("entries", state.answers.entries);
  json.member("bytes", state.answers.bytes).member("hits", state.answers.hits);
  json.member("misses", state.answers.misses).end_object();
}

void write_recent(base::JsonWriter& json, const std::vector<store::LedgerRow>& rows) {
  json.key("recent_requests").begin_array();
  for (const store::LedgerRow& row : rows) {
    json.begin_object().member("time_ms", row.time_ms).member("source", row.source).member("api", row.api);
    json.member("project", row.project);
    json.member("model", row.model).member("status", row.status).member("stream", row.stream);
    json.member("input_tokens_original", row.tokens_before).member("input_tokens_optimized", row.tokens_after);
    json.member("tokens_saved", row.tokens_before - row.tokens_after);
    json.member("savings_percent", percent_saved(row.tokens_before, row.tokens_after));
    json.key("output_tokens");
    row.billed_output >= 0 ? json.value(row.billed_output) : json.null();
    json.member("optimization_latency_ms", static_cast<double>(row.compress_us) / 1000);
    json.member("total_latency_ms", static_cast<double>(row.total_us) / 1000);
    json.member("transforms_applied", row.transforms).member("skip_reason", row.skip_reason);
    json.member("drifts", row.drifts).member("drifts_sent_as_they_came", row.drifts_accepted);
    json.member("revised", row.revised).member("old_results_rewritten", row.rewritten).end_object();
  }
  json.end_array();
}

}  // namespace

Reply stats_api(const Services& services, const ServerState& state, store::Scope scope, std::string_view query) {
  const std::string window = query_parameter(query, "window").value_or("process");
  if (window != "process" && window != "lifetime") {
    return api_error(400, "invalid_request", "window must be process or lifetime");
  }
  services.ledger.flush();
  const auto sum = services.ledger.summary(window == "process" ? state.started_ms : 0, scope);
  const auto recent = services.ledger.recent(kRecentRequests, scope);
  if (!sum || !recent) return api_error(503, "unavailable", (!sum ? sum.error() : recent.error()).message);
  base::JsonWriter json;
  json.begin_object().member("version", kVersion);
  if (scope) json.member("project", *scope);
  json.key("window").begin_object().member("name", window).member("since_ms", sum->since_ms);
  json.member("source", "ledger").member("tokens_unit", "tokens of the request's own tokenizer").end_object();
  write_summary(json, *sum);
  json.key("requests").begin_object();
  json.member("total", sum->requests).member("compressed", sum->compressed).member("failed", sum->failed);
  if (!scope) json.member("cached", state.answers.hits).member("active", state.active);
  json.end_object();
  write_tokens(json, *sum);
  write_prefixes(json, *sum);
  write_times(json, *sum);
  write_store(json, services, scope);
  if (!scope) write_cache(json, state);
  if (!scope) write_retrievals(json, state.retrievals);  // they are not told apart
  write_learned_steps(json, services.offers, scope);
  write_groups(json, "by_model", sum->by_model);
  write_groups(json, "by_source", sum->by_source);
  write_groups(json, "by_project", sum->by_project);
  write_groups(json, "compressions_by_strategy", sum->by_transform);
  write_recent(json, *recent);
  json.end_object();
  return {200, "application/json", std::move(json).take()};
}

}  // namespace headroom::proxy
