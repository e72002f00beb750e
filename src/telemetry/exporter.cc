#include "telemetry/exporter.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace headroom::telemetry {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kMaxRetry{30'000};
constexpr milliseconds kMaxThrottle{300'000};

/// That OTLP lets a client try again.
bool is_passing(const Delivery& delivery) {
  return delivery.status == 0 || delivery.status == 429 || delivery.status == 502 || delivery.status == 503 ||
         delivery.status == 504;
}

std::string_view what(SignalKind kind) {
  return kind == SignalKind::kTraces ? "traces" : "metrics";
}

/// A UUID of random bytes.
std::string instance_id(const RandomBytes& random) {
  std::array<unsigned char, 16> bytes{};
  random(bytes);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0fU) | 0x40U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3fU) | 0x80U);
  std::string id;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    fmt::format_to(std::back_inserter(id), "{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
  }
  return id;
}

TextPairs resource_of(const Settings& settings, const std::string& version, const RandomBytes& random) {
  TextPairs all = settings.resource;
  const auto add = [&all](std::string_view key, std::string value) {
    if (std::ranges::none_of(all, [key](const auto& pair) { return pair.first == key; })) {
      all.emplace_back(key, std::move(value));
    }
  };
  add("service.version", version);
  // Several proxies may have one name, and each counts for itself.
  add("service.instance.id", instance_id(random));
  add("telemetry.sdk.name", "headroom");
  add("telemetry.sdk.language", "cpp");
  add("telemetry.sdk.version", version);
  return all;
}

}  // namespace

Exporter::Exporter(Settings settings, std::string version, std::unique_ptr<Transport> transport,
                   const base::Clock& clock, RandomBytes random, Warn warn)
    : settings_(std::move(settings)),
      version_(std::move(version)),
      transport_(std::move(transport)),
      clock_(clock),
      random_(std::move(random)),
      warn_(std::move(warn)),
      teller_{resource_of(settings_, version_, random_), version_},
      metrics_since_ns_(clock_.now_ms() * 1'000'000) {
  traces_.due = steady_clock::now() + settings_.span_delay;
  metrics_.due = steady_clock::now() + settings_.metric_interval;
  thread_ = std::thread([this] { run(); });
}

Exporter::~Exporter() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  transport_->end_within(settings_.flush);
  wake_.notify_one();
  thread_.join();
}

void Exporter::record(ModelCall call) {
  std::optional<TraceContext> context = sampled(call);
  const std::size_t spans = call.span_count();
  bool batch = false;
  {
    const std::lock_guard lock(mutex_);
    if (!settings_.metrics.url.empty()) sums_.add(call);
    if (!context) return;
    if (queued_spans_ + spans > settings_.max_queue) {
      counts_.spans_dropped += spans;
      return;
    }
    queued_spans_ += spans;
    queue_.push_back({std::move(call), std::move(*context)});
    batch = queued_spans_ >= settings_.max_batch;
  }
  if (batch) wake_.notify_one();
}

ExportCounts Exporter::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

/// The trace that the call is told in; nothing where it is not.
std::optional<TraceContext> Exporter::sampled(const ModelCall& call) const {
  if (settings_.traces.url.empty()) return std::nullopt;
  TraceContext context;
  if (auto parent = read_trace_context(call.traceparent, call.tracestate)) {
    context = std::move(*parent);
  } else {
    random_(context.trace);
    if (context.trace == TraceId{}) context.trace.back() = 1;  // all zero is none
  }
  if (!settings_.sampler.takes(context)) return std::nullopt;
  return context;
}

Exporter::Time Exporter::next_wake() const {
  if (settings_.traces.url.empty()) return metrics_.due;
  if (settings_.metrics.url.empty()) return traces_.due;
  return std::min(traces_.due, metrics_.due);
}

void Exporter::run() {
  for (;;) {
    bool batch = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, next_wake(), [this] { return ended_ || has_batch(); });
      if (ended_) break;
      batch = has_batch();
    }
    const Time now = steady_clock::now();
    if (!settings_.traces.url.empty() && (batch || traces_.due <= now)) {
      if (traces_.body.empty()) take_spans(false);
      send(traces_, false);
    }
    if (!settings_.metrics.url.empty() && metrics_.due <= now) {
      if (metrics_.body.empty()) take_metrics();
      send(metrics_, false);
    }
  }
  finish();
}

/// Fills the lane with what waits, up to a batch.
void Exporter::take_spans(bool ending) {
  std::deque<Waiting> taken;
  traces_.items = 0;
  {
    const std::lock_guard lock(mutex_);
    while (!queue_.empty()) {
      const std::size_t spans = queue_.front().call.span_count();
      if (traces_.items > 0 && traces_.items + spans > settings_.max_batch) break;
      traces_.items += spans;
      queued_spans_ -= spans;
      taken.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
  }
  traces_.attempts = 0;
  if (!ending) traces_.due = steady_clock::now() + settings_.span_delay;
  if (taken.empty()) return;
  std::vector<Span> spans;
  spans.reserve(traces_.items);
  for (const Waiting& waiting : taken) {
    std::ranges::move(make_spans(waiting.call, waiting.context, random_), std::back_inserter(spans));
  }
  traces_.body = spans_json(teller_, spans);
}

void Exporter::take_metrics() {
  const std::int64_t now_ns = clock_.now_ms() * 1'000'000;
  metrics_.due = steady_clock::now() + settings_.metric_interval;
  metrics_.attempts = 0;
  metrics_.items = 1;
  MetricSums sums;
  {
    const std::lock_guard lock(mutex_);
    sums = settings_.delta ? std::exchange(sums_, {}) : sums_;
  }
  if (sums.empty()) return;
  metrics_.body = metrics_json(teller_, sums, settings_.delta, metrics_since_ns_, now_ns);
  if (settings_.delta) metrics_since_ns_ = now_ns;
}

void Exporter::send(Lane& lane, bool ending) {
  if (lane.body.empty()) return;
  ++lane.attempts;
  const Delivery delivery = transport_->send(lane.kind, lane.body);
  if (delivery.status / 100 == 2) return delivered(lane, delivery);
  failed(lane, delivery, ending);
}

void Exporter::delivered(Lane& lane, const Delivery& delivery) {
  const Rejected rejected = read_answer(delivery.body);
  if (rejected.items > 0 && !lane.failing) {
    warn_(fmt::format("the OpenTelemetry collector leaves out {} of the {} sent to {}: {}", rejected.items,
                      what(lane.kind), lane.signal.url, rejected.why));
  } else if (rejected.items == 0 && lane.failing) {
    warn_(fmt::format("the OpenTelemetry collector takes {} again", what(lane.kind)));
  }
  lane.failing = rejected.items > 0;
  lane.throttled = false;
  note_sent(lane, rejected.items);
  lane.body.clear();
}

void Exporter::note_sent(const Lane& lane, std::uint64_t rejected) {
  const std::lock_guard lock(mutex_);
  if (lane.kind == SignalKind::kMetrics) {
    ++(rejected > 0 ? counts_.reports_dropped : counts_.reports_sent);
    return;
  }
  rejected = std::min(rejected, lane.items);
  counts_.spans_sent += lane.items - rejected;
  counts_.spans_dropped += rejected;
}

void Exporter::failed(Lane& lane, const Delivery& delivery, bool ending) {
  {
    const std::lock_guard lock(mutex_);
    ++counts_.failures;
  }
  if (!std::exchange(lane.failing, true)) {
    const std::string why = delivery.status > 0 ? fmt::format("it answers {}", delivery.status) : delivery.error;
    warn_(fmt::format("the OpenTelemetry collector does not take {} at {}: {}; requests are served all the same",
                      what(lane.kind), lane.signal.url, why));
  }
  const bool again = is_passing(delivery) && lane.attempts < settings_.max_attempts && !ending;
  lane.throttled = delivery.retry_after.has_value() && is_passing(delivery);
  const milliseconds pause =
      lane.throttled ? std::min(*delivery.retry_after, kMaxThrottle) : retry_pause(lane.attempts);
  // A report of sums since the start is made anew rather than sent late.
  if (again && (lane.kind == SignalKind::kTraces || settings_.delta)) {
    lane.due = steady_clock::now() + pause;
    return;
  }
  if (lane.throttled) lane.due = std::max(lane.due, steady_clock::now() + pause);
  drop(lane);
}

/// Twice as long each time, and up to a quarter more, so that many proxies do not come at once.
milliseconds Exporter::retry_pause(int attempts) const {
  const milliseconds pause = std::min(settings_.first_retry * (1 << std::min(attempts - 1, 16)), kMaxRetry);
  unsigned char byte = 0;
  random_({&byte, 1});
  return pause + pause * byte / 1024;
}

void Exporter::drop(Lane& lane) {
  const std::lock_guard lock(mutex_);
  if (lane.kind == SignalKind::kMetrics) {
    ++counts_.reports_dropped;
  } else {
    counts_.spans_dropped += lane.items;
  }
  lane.body.clear();
}

/// The last of it, each once; nothing where the collector has said that it wants nothing yet.
void Exporter::finish() {
  const Time end = steady_clock::now() + settings_.flush;
  const auto may_send = [&](const Lane& lane) {
    return !lane.signal.url.empty() && !(lane.throttled && lane.due > steady_clock::now());
  };
  if (may_send(metrics_)) {
    if (!metrics_.body.empty()) send(metrics_, true);
    take_metrics();
    send(metrics_, true);
  }
  while (may_send(traces_) && steady_clock::now() < end) {
    if (traces_.body.empty()) take_spans(true);
    if (traces_.body.empty()) return;
    const bool failed_before = traces_.failing;
    send(traces_, true);
    if (traces_.failing && failed_before) break;
  }
}

}  // namespace headroom::telemetry
