#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace headroom::compress::log {

struct Timestamp {
  std::size_t begin = 0;     ///< offset in the line
  std::size_t end = 0;       ///< behind the stamp, its fraction and its zone
  std::int64_t time_ms = 0;  ///< ms; since 1970 where the date is known, else since midnight (or since boot)
};

/// The time stamp within the first bytes of a line, in any of the usual forms (ISO, syslog, klog, access log, epoch,
/// "[   12.345]" of the kernel).
std::optional<Timestamp> find_timestamp(std::string_view line);

}  // namespace headroom::compress::log
