#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "telemetry/model_call.h"
#include "telemetry/names.h"
#include "telemetry/span.h"

namespace headroom::telemetry {

/// A counter has only its sum.
struct Point {
  std::uint64_t count = 0;  ///< of what was recorded; 0: nothing is to be told
  double sum = 0;
  double min = 0, max = 0;
  std::vector<std::uint64_t> buckets;  ///< one more than the bounds
};

/// What is told of requests that have the same attributes.
struct Series {
  Attributes attributes;
  std::array<Point, kMetricCount> points;
};

/// The sums over requests since the start, or since they were cleared. Not thread-safe.
class MetricSums {
 public:
  /// Models are named by clients: so many different series and no more, the rest is one.
  static constexpr std::size_t kMaxSeries = 200;

  void add(const ModelCall& call);
  void clear() { series_.clear(); }
  bool empty() const { return series_.empty(); }
  /// By what tells them apart.
  const std::map<std::string, Series>& series() const { return series_; }

 private:
  Series& find(const ModelCall& call);

  std::map<std::string, Series> series_;
};

}  // namespace headroom::telemetry
