#pragma once

#include <optional>
#include <string_view>

namespace headroom::compress::table {

/// A span of time that a question names. Both ends belong to it; as digits YYYYMMDDhhmmssfff, like json::time_of, or
/// only hhmmssfff when it names no date.
struct TimeRange {
  double begin = 0, end = 0;
  bool clock = false;  ///< the time of any day
};

/// "between 10:00 and 10:15", "after 2026-03-01", "on 2026-02-03", "at 14:05". nullopt when the question names no time.
std::optional<TimeRange> read_time_range(std::string_view question);

}  // namespace headroom::compress::table
