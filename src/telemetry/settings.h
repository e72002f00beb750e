#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/resolve.h"
#include "telemetry/trace_context.h"

namespace headroom::telemetry {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// Where one kind of telemetry goes.
struct Signal {
  std::string url;    ///< whole; empty: it is not sent
  TextPairs headers;  ///< secret
  std::chrono::milliseconds timeout{10'000};
  std::string ca_file, client_cert, client_key;
};

/// What the environment says of OpenTelemetry, under the names that its SDKs know.
struct Settings {
  Signal traces, metrics;
  TextPairs resource;  ///< attributes of the process; service.name is among them
  Sampler sampler;
  bool delta = false;  ///< metrics since the last report, not since the start
  std::chrono::milliseconds span_delay{5'000}, metric_interval{60'000};
  std::size_t max_queue = 2048, max_batch = 512;  ///< spans
  std::chrono::milliseconds first_retry{1'000};   ///< then twice as long each time, kMaxRetry at most
  int max_attempts = 8;
  std::chrono::milliseconds flush{3'000};  ///< what the end of the process may wait for the collector
  std::vector<std::string> notes;          ///< what was set and is not done as it says, for people

  bool enabled() const { return !traces.url.empty() || !metrics.url.empty(); }
};

/// `endpoint`: the base address for both, from the options. Off where nothing names an address, or OTEL_SDK_DISABLED is
/// "true". What cannot be read counts as not set, and is noted: these names are for many programs.
Settings read_settings(std::string_view endpoint, const config::Environment& environment);

}  // namespace headroom::telemetry
