#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "telemetry/metric_sums.h"
#include "telemetry/model_call.h"
#include "telemetry/otlp_json.h"
#include "telemetry/settings.h"
#include "telemetry/transport.h"

namespace headroom::telemetry {

/// What became of what was recorded.
struct ExportCounts {
  std::uint64_t spans_sent = 0, spans_dropped = 0;
  std::uint64_t reports_sent = 0, reports_dropped = 0;  ///< of metrics
  std::uint64_t failures = 0;                           ///< requests to the collector that it did not take
};

/// Tells a collector of requests, from a thread of its own: who records waits for nothing but a lock that is held
/// briefly. What finds the queue full, or is refused for good, is dropped and counted. Thread-safe.
class Exporter {
 public:
  using Warn = std::function<void(std::string_view)>;

  /// `warn` is told when sending begins to fail, and when it works again; called on the thread. `clock` and what `warn`
  /// uses must outlive the exporter.
  Exporter(Settings settings, std::string version, std::unique_ptr<Transport> transport, const base::Clock& clock,
           RandomBytes random, Warn warn);
  /// Sends what waits, for Settings::flush at most.
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  void record(ModelCall call);
  ExportCounts counts() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    ModelCall call;
    TraceContext context;
  };
  /// One signal's way to the collector; of the thread.
  struct Lane {
    SignalKind kind;
    const Signal& signal;
    std::string body = {};    // under way, or to be sent again; empty: none
    std::uint64_t items = 0;  // in it
    int attempts = 0;         // at it
    bool throttled = false;   // the collector said when to come again
    Time due = {};            // of the next attempt, or the next report
    bool failing = false;
  };

  std::optional<TraceContext> sampled(const ModelCall& call) const;
  void run();
  Time next_wake() const;
  /// A full batch waits and may go: none before it is still under way, and the collector has not said when to come.
  bool has_batch() const { return queued_spans_ >= settings_.max_batch && traces_.body.empty() && !traces_.throttled; }
  void take_spans(bool ending);
  void take_metrics();
  void send(Lane& lane, bool ending);
  void delivered(Lane& lane, const Delivery& delivery);
  void failed(Lane& lane, const Delivery& delivery, bool ending);
  void drop(Lane& lane);
  void note_sent(const Lane& lane, std::uint64_t rejected);
  void finish();
  std::chrono::milliseconds retry_pause(int attempts) const;

  const Settings settings_;
  const std::string version_;
  const std::unique_ptr<Transport> transport_;
  const base::Clock& clock_;
  const RandomBytes random_;
  const Warn warn_;
  Teller teller_;
  Lane traces_{SignalKind::kTraces, settings_.traces};
  Lane metrics_{SignalKind::kMetrics, settings_.metrics};
  std::int64_t metrics_since_ns_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;  // guarded by mutex_, as all below
  std::size_t queued_spans_ = 0;
  MetricSums sums_;
  ExportCounts counts_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace headroom::telemetry
