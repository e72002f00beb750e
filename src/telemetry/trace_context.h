#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/span.h"

namespace headroom::telemetry {

/// Which trace a request belongs to (W3C Trace Context).
struct TraceContext {
  TraceId trace{};
  SpanId parent{};  ///< all zero: the trace begins here
  std::uint8_t flags = 0;
  std::string trace_state;  ///< empty where it is none, or longer than one needs to take

  bool sampled() const { return (flags & 1U) != 0; }
  bool has_parent() const { return parent != SpanId{}; }
};

/// What the headers `traceparent` and `tracestate` say; nothing where the former is none. Of a version to come what is
/// known of it counts.
std::optional<TraceContext> read_trace_context(std::string_view traceparent, std::string_view tracestate);

/// Which traces are told, by the names of OTEL_TRACES_SAMPLER.
struct Sampler {
  bool asks_parent = true;  ///< where there is one, its decision counts
  double ratio = 1;         ///< of the others, by the trace's id

  bool takes(const TraceContext& context) const;
};

/// "parentbased_traceidratio" with "0.1"; nothing for a name that is none.
std::optional<Sampler> make_sampler(std::string_view name, std::string_view argument);

}  // namespace headroom::telemetry
