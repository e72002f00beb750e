#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "proxy/server.h"

namespace headroom::proxy {

/// How long a client may take over its request body: it may pause, but on the whole it must come at a rate, so that
/// nobody holds what a request holds by sending a byte now and then.
class BodyPace {
 public:
  explicit BodyPace(const Limits& limits) : limits_(limits) {}

  /// Until the next byte, after `received` of them.
  std::chrono::milliseconds patience(std::uint64_t received) const {
    using std::chrono::milliseconds;
    const milliseconds earned(static_cast<std::int64_t>(received * 1000 / limits_.min_body_bytes_per_s));
    const auto passed = std::chrono::duration_cast<milliseconds>(Clock::now() - start_);
    return std::clamp(limits_.body_timeout + earned - passed, milliseconds(1), limits_.body_timeout);
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Limits& limits_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace headroom::proxy
