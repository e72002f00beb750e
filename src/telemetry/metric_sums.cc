#include "telemetry/metric_sums.h"

#include <algorithm>

namespace headroom::telemetry {
namespace {

constexpr std::size_t kMaxModel = 128;

void record(Series& series, Metric metric, double value) {
  Point& point = series.points[static_cast<std::size_t>(metric)];
  const std::span<const double> bounds = spec_of(metric).bounds;
  point.min = point.count == 0 ? value : std::min(point.min, value);
  point.max = point.count == 0 ? value : std::max(point.max, value);
  ++point.count;
  point.sum += value;
  if (bounds.empty()) return;
  point.buckets.resize(bounds.size() + 1);
  // A bucket holds what is above the bound before it, up to its own.
  ++point.buckets[static_cast<std::size_t>(std::ranges::lower_bound(bounds, value) - bounds.begin())];
}

void count(Series& series, Metric metric, std::int64_t value) {
  if (value >= 0) record(series, metric, static_cast<double>(value));
}

double seconds(std::int64_t ns) {
  return static_cast<double>(ns) / 1e9;
}

void add_text(Attributes& attributes, std::string_view key, std::string_view value) {
  if (!value.empty()) attributes.push_back({key, std::string(value)});
}

}  // namespace

Series& MetricSums::find(const ModelCall& call) {
  const std::string error = call.error_type();
  const std::string_view model = std::string_view(call.model).substr(0, kMaxModel);
  std::string key;
  for (const std::string_view part :
       {call.operation, call.provider, model, std::string_view(call.server), std::string_view(error)}) {
    key.append(part).push_back('\n');
  }
  key += std::to_string(call.port);
  if (const auto found = series_.find(key); found != series_.end()) return found->second;
  if (series_.size() >= kMaxSeries) {
    Series& others = series_[std::string()];
    if (others.attributes.empty()) others.attributes.push_back({attribute::kOverflow, true});
    return others;
  }
  Series& made = series_[std::move(key)];
  add_text(made.attributes, attribute::kOperation, call.operation);
  add_text(made.attributes, attribute::kProvider, call.provider);
  add_text(made.attributes, attribute::kRequestModel, model);
  add_text(made.attributes, attribute::kServerAddress, call.server);
  if (call.port > 0) made.attributes.push_back({attribute::kServerPort, std::int64_t{call.port}});
  add_text(made.attributes, attribute::kErrorType, error);
  return made;
}

void MetricSums::add(const ModelCall& call) {
  Series& series = find(call);
  count(series, Metric::kRequests, 1);
  record(series, Metric::kDuration, seconds(call.total_ns));
  if (call.stream && call.first_byte_ns >= 0) {
    record(series, Metric::kTimeToFirstChunk, seconds(call.first_byte_ns));
  }
  count(series, Metric::kOperationInput, call.billed_input);
  count(series, Metric::kOperationOutput, call.billed_output);
  count(series, Metric::kInput, call.billed_input);
  count(series, Metric::kOutput, call.billed_output);
  count(series, Metric::kCacheRead, call.billed_cached);
  count(series, Metric::kCacheWrite, call.billed_written);
  if (call.tokens_before >= 0) {
    count(series, Metric::kTokensBefore, call.tokens_before);
    count(series, Metric::kTokensAfter, call.tokens_after);
    count(series, Metric::kTokensSaved, std::max<std::int64_t>(call.tokens_before - call.tokens_after, 0));
  }
  if (call.compress_begin_ns >= 0) {
    record(series, Metric::kCompressDuration, seconds(call.compress_end_ns - call.compress_begin_ns));
  }
  for (const ModelCall::Retrieval& retrieval : call.retrievals) {
    if (retrieval.further_request) count(series, Metric::kRetrievalRounds, 1);
    count(series, Metric::kRetrievalCalls, retrieval.calls);
    count(series, Metric::kRetrievalHits, retrieval.hits);
    count(series, Metric::kRetrievalTokens, retrieval.tokens);
  }
}

}  // namespace headroom::telemetry
