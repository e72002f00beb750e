#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "telemetry/metric_sums.h"
#include "telemetry/settings.h"
#include "telemetry/span.h"

namespace headroom::telemetry {

/// Who tells: the same for everything that a process sends.
struct Teller {
  TextPairs resource;
  std::string_view version;
};

// Bodies in OTLP's JSON encoding: ids in hex, 64-bit numbers as strings, enumerations as numbers.

/// An ExportTraceServiceRequest.
std::string spans_json(const Teller& teller, std::span<const Span> spans);

/// An ExportMetricsServiceRequest. Times since the Unix epoch; `delta`: what came after `start_ns`, else since then.
std::string metrics_json(const Teller& teller, const MetricSums& sums, bool delta, std::int64_t start_ns,
                         std::int64_t now_ns);

/// How many items an answer of 200 refuses (its partialSuccess), and why.
struct Rejected {
  std::uint64_t items = 0;
  std::string why;
};
Rejected read_answer(std::string_view body);

}  // namespace headroom::telemetry
