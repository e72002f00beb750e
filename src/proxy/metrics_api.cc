#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>

#include "context/gentleness.h"
#include "proxy/status_api.h"

namespace headroom::proxy {
namespace {

// Names come from clients: this many series and no more; the rest is one series.
constexpr std::size_t kMaxSeries = 20;

class MetricsText {
 public:
  template <typename T>
  void add(std::string_view name, std::string_view type, std::string_view help, T value) {
    begin(name, type, help);
    fmt::format_to(std::back_inserter(out_), "{} {}\n", name, value);
  }
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(out_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  template <typename T>
  void sample(std::string_view name, std::string_view label, std::string_view label_value, T value) {
    fmt::format_to(std::back_inserter(out_), "{}{{{}=\"", name, label);
    for (const char c : label_value) {
      if (c == '\\' || c == '"') out_ += '\\';
      out_ += c == '\n' ? ' ' : c;
    }
    fmt::format_to(std::back_inserter(out_), "\"}} {}\n", value);
  }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

// Most requests first; the names beyond the first few are one series.
void write_groups(MetricsText& text, std::string_view name, std::string_view label, std::string_view help,
                  std::vector<store::LedgerGroup> groups, std::int64_t (*value)(const store::LedgerGroup&)) {
  std::ranges::sort(groups, [](const auto& a, const auto& b) { return a.requests > b.requests; });
  text.begin(name, "counter", help);
  std::int64_t others = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i < kMaxSeries) {
      text.sample(name, label, groups[i].key, value(groups[i]));
    } else {
      others += value(groups[i]);
    }
  }
  if (groups.size() > kMaxSeries) text.sample(name, label, "other", others);
}

std::int64_t requests_of(const store::LedgerGroup& group) {
  return group.requests;
}

std::int64_t saved_of(const store::LedgerGroup& group) {
  return group.tokens_before - group.tokens_after;
}

using RetrievalGroup = std::map<std::string, RetrievalSum, std::less<>>;

void write_retrievals(MetricsText& text, std::string_view name, std::string_view label, const RetrievalGroup& group) {
  text.begin(name, "counter", "Calls of the retrieve tool that got an original.");
  for (const auto& [key, sum] : group) {
    if (sum.hits > 0) text.sample(name, label, key, sum.hits);
  }
}

// How many compressors leave less out of a tool's results, and what that follows from.
void write_learned_steps(MetricsText& text, store::OfferRecord* offers) {
  const auto counts = offers != nullptr ? offers->counts(store::kEveryProject) : std::vector<store::OfferCount>{};
  if (!counts) return;
  std::int64_t offered = 0, retrieved = 0;
  std::map<context::Gentleness, std::int64_t> steps;
  for (const context::LearnedStep& learned : context::learn(*counts)) {
    offered += learned.offers();
    retrieved += learned.retrieved();
    ++steps[learned.step];
  }
  text.add("headroom_learned_originals_offered", "gauge", "Originals that models could ask for, of the last weeks.",
           offered);
  text.add("headroom_learned_originals_retrieved", "gauge", "Of these, asked for.", retrieved);
  text.begin("headroom_learned_compressors", "gauge",
             "Pairs of a tool and a compressor, by how much the compressor leaves out.");
  for (const auto step : {context::Gentleness::kUsual, context::Gentleness::kGentler, context::Gentleness::kLossless}) {
    text.sample("headroom_learned_compressors", "step", context::gentleness_name(step), steps[step]);
  }
}

// What of it the collector did not get can be seen here only.
void write_telemetry(MetricsText& text, const telemetry::ExportCounts& counts) {
  text.add("headroom_otlp_spans_sent_total", "counter", "Spans that the OpenTelemetry collector took.",
           counts.spans_sent);
  text.add("headroom_otlp_spans_dropped_total", "counter", "Spans that it did not take, or that found no room.",
           counts.spans_dropped);
  text.add("headroom_otlp_reports_sent_total", "counter", "Reports of metrics that it took.", counts.reports_sent);
  text.add("headroom_otlp_reports_dropped_total", "counter", "Reports of metrics that it did not take.",
           counts.reports_dropped);
  text.add("headroom_otlp_failures_total", "counter", "Requests to it that failed.", counts.failures);
}

}  // namespace

Reply metrics_api(const Services& services, const ServerState& state, store::Scope scope) {
  services.ledger.flush();
  const auto sum = services.ledger.summary(state.started_ms, scope);
  if (!sum) return api_error(503, "unavailable", sum.error().message);
  MetricsText text;
  text.add("headroom_requests_total", "counter", "Requests through the pipeline since the start.", sum->requests);
  text.add("headroom_requests_compressed_total", "counter", "Of these, made smaller.", sum->compressed);
  text.add("headroom_requests_failed_total", "counter", "Of these, answered with an error.", sum->failed);
  if (!scope) {
    text.add("headroom_inbound_requests_total", "counter", "Requests of every route since the start.", state.accepted);
    text.add("headroom_requests_cached_total", "counter", "Of these, answered from the cache of answers.",
             state.answers.hits);
    text.add("headroom_inbound_requests_active", "gauge", "Requests being served, this one included.", state.active);
  }
  text.add("headroom_tokens_before_total", "counter", "Input tokens as the clients sent them.", sum->tokens_before);
  text.add("headroom_tokens_after_total", "counter", "Input tokens as they went upstream.", sum->tokens_after);
  text.add("headroom_tokens_saved_total", "counter", "The difference.", sum->tokens_before - sum->tokens_after);
  text.add("headroom_tokens_input_total", "counter", "Input tokens billed, where the answer said so.",
           sum->billed_input);
  text.add("headroom_tokens_cached_total", "counter", "Of these, read from the provider's cache.", sum->billed_cached);
  text.add("headroom_tokens_output_total", "counter", "Output tokens billed, where the answer said so.",
           sum->billed_output);
  text.add("headroom_prefix_drifts_total", "counter", "Values of system prompts and tools that were not as before.",
           sum->drifts);
  text.add("headroom_prefix_drifts_accepted_total", "counter",
           "Of these, sent as they came, which ends the cached prefix.", sum->drifts_accepted);
  text.add("headroom_requests_revised_total", "counter", "Requests that changed what earlier ones had sent.",
           sum->revised);
  text.add("headroom_results_rewritten_total", "counter", "Old results that became markers, as that pays.",
           sum->rewritten);
  if (!scope) {  // these are not told apart by project
    const RetrievalCounts::Sums& retrievals = state.retrievals;
    text.add("headroom_retrieval_calls_total", "counter", "Calls of the retrieve tool by models.",
             retrievals.all.calls);
    text.add("headroom_retrieval_hits_total", "counter", "Of these, given the original or a part.",
             retrievals.all.hits);
    text.add("headroom_retrieval_tokens_total", "counter", "Tokens that these gave.", retrievals.all.tokens);
    text.add("headroom_retrieval_rounds_total", "counter", "Further requests that they took.", retrievals.rounds);
    text.add("headroom_retrieval_failed_rounds_total", "counter", "Of these, not answered.", retrievals.failed);
    text.add("headroom_retrieval_offers_total", "counter", "Requests that offered the tool.", retrievals.offers);
    text.add("headroom_retrieval_answers_total", "counter", "Answers in which it was called.", retrievals.answers);
    text.add("headroom_retrieval_us_total", "counter", "Microseconds spent looking originals up.", retrievals.all.us);
    text.add("headroom_retrieval_further_input_tokens_total", "counter", "Input tokens billed for further requests.",
             retrievals.more_input);
    text.add("headroom_retrieval_further_cached_tokens_total", "counter", "Of these, read from the provider's cache.",
             retrievals.more_cached);
    if (services.telemetry != nullptr) write_telemetry(text, services.telemetry->counts());
    write_retrievals(text, "headroom_retrieval_hits_by_tool_total", "tool", retrievals.by_tool);
    write_retrievals(text, "headroom_retrieval_hits_by_compressor_total", "compressor", retrievals.by_compressor);
    write_learned_steps(text, services.offers);
  }
  text.begin("headroom_overhead_ms", "summary", "Time spent compressing, per request.");
  text.sample("headroom_overhead_ms", "quantile", "0.5", sum->compress_ms_p50);
  text.sample("headroom_overhead_ms", "quantile", "0.95", sum->compress_ms_p95);
  text.sample("headroom_overhead_ms", "quantile", "0.99", sum->compress_ms_p99);
  std::string out = std::move(text).take();
  fmt::format_to(std::back_inserter(out), "headroom_overhead_ms_sum {}\nheadroom_overhead_ms_count {}\n",
                 sum->compress_ms_mean * static_cast<double>(sum->requests), sum->requests);
  MetricsText groups;
  write_groups(groups, "headroom_requests_by_model", "model", "Requests since the start by model.", sum->by_model,
               requests_of);
  write_groups(groups, "headroom_requests_by_project", "project", "Requests since the start by project.",
               sum->by_project, requests_of);
  write_groups(groups, "headroom_tokens_saved_by_project", "project", "Input tokens saved, by project.",
               sum->by_project, saved_of);
  return {200, "text/plain; version=0.0.4; charset=utf-8", out + std::move(groups).take()};
}

}  // namespace headroom::proxy
