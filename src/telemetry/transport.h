#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::telemetry {

enum class SignalKind { kTraces, kMetrics };

/// What came of a request to the collector.
struct Delivery {
  int status = 0;     ///< of HTTP; 0: there was no answer
  std::string body;   ///< of the answer, its beginning
  std::string error;  ///< why there was none, and what to do
  std::optional<std::chrono::milliseconds> retry_after;
};

/// Takes reports to the collector. send() is called on one thread, which it blocks, for the signal's timeout at most.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Delivery send(SignalKind signal, std::string_view json) = 0;
  /// Any thread: what is being sent, and all that follows, may take so long together and no longer.
  virtual void end_within(std::chrono::milliseconds left) = 0;
};

}  // namespace headroom::telemetry
