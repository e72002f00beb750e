#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/span.h"
#include "telemetry/trace_context.h"

namespace headroom::telemetry {

/// A request to a model that went through, once it is over: facts only, nothing of what it says, no key, no path.
/// Times are nanoseconds since its start; -1: that did not happen.
struct ModelCall {
  /// Originals that the model asked for in its answer, and the further request that gave them.
  struct Retrieval {
    std::int64_t begin_ns = 0, end_ns = 0;
    std::int64_t calls = 0, hits = 0, tokens = 0;
    bool further_request = true;  ///< false: answered beside the client's own calls
    bool failed = false;
  };

  std::string_view operation = "chat";  ///< as gen_ai.operation.name
  std::string_view provider;            ///< as gen_ai.provider.name
  std::string model;                    ///< empty: not known
  std::string server;
  int port = 0;
  std::string traceparent, tracestate;  ///< headers of the client
  std::int64_t start_ns = 0;            ///< since the Unix epoch
  std::int64_t compress_begin_ns = -1, compress_end_ns = -1;
  std::int64_t sent_ns = -1, first_byte_ns = -1, total_ns = 0;
  bool stream = false;
  int status = 0;                ///< that the client was given
  std::string_view broken = {};  ///< error.type where the status does not tell: "incomplete_answer"
  std::int64_t tokens_before = -1, tokens_after = -1;
  bool estimated = false;
  std::string strategies;  ///< comma list
  std::int64_t billed_input = -1, billed_cached = -1, billed_written = -1, billed_output = -1;
  std::vector<Retrieval> retrievals;

  /// As error.type; empty: it went well.
  std::string error_type() const;
  /// How many make_spans() gives.
  std::size_t span_count() const;
};

/// A span for the request, and below it one for its compression and for each retrieval.
std::vector<Span> make_spans(const ModelCall& call, const TraceContext& context, const RandomBytes& random);

}  // namespace headroom::telemetry
