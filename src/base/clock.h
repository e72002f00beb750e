#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace headroom::base {

/// Time as the rest of the program sees it. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Milliseconds since the Unix epoch.
  virtual std::int64_t now_ms() const = 0;
  /// Nanoseconds from an arbitrary start; never goes back.
  virtual std::int64_t monotonic_ns() const = 0;
};

class SystemClock final : public Clock {
 public:
  std::int64_t now_ms() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  std::int64_t monotonic_ns() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

/// A clock that stands still until it is told otherwise; for tests. Not thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::int64_t start_ms = 1'700'000'000'000) : ms_(start_ms) {}
  std::int64_t now_ms() const override { return ms_; }
  std::int64_t monotonic_ns() const override { return ms_ * 1'000'000; }
  void advance_ms(std::int64_t ms) { ms_ += ms; }

 private:
  std::int64_t ms_;
};

/// A point in time after which work that is not needed for correctness stops.
class Deadline {
 public:
  static Deadline never() { return Deadline(nullptr, 0); }
  static Deadline after_ms(const Clock& clock, std::int64_t ms) {
    return Deadline(&clock, clock.monotonic_ns() + ms * 1'000'000);
  }
  /// As far away as the given percentage of the time that is left.
  Deadline part(int percent) const {
    if (clock_ == nullptr) return *this;
    const std::int64_t now = clock_->monotonic_ns();
    return Deadline(clock_, at_ns_ <= now ? at_ns_ : now + (at_ns_ - now) / 100 * percent);
  }
  /// 0 when it has passed; the largest number when it never will.
  std::int64_t left_ns() const {
    if (clock_ == nullptr) return std::numeric_limits<std::int64_t>::max();
    return std::max<std::int64_t>(0, at_ns_ - clock_->monotonic_ns());
  }
  bool expired() const { return clock_ != nullptr && clock_->monotonic_ns() >= at_ns_; }

 private:
  Deadline(const Clock* clock, std::int64_t at_ns) : clock_(clock), at_ns_(at_ns) {}
  const Clock* clock_;
  std::int64_t at_ns_;
};

}  // namespace headroom::base
