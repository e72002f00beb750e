#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::align {

/// A date, a time of day, or both, as programs and people write them.
struct Moment {
  std::size_t end = 0;  ///< first byte after it; 0: there is none
  bool date = false;
  bool time = false;
};

/// The moment that begins at `at`, the start of a word: ISO 8601, RFC 1123, date(1), toString() of JavaScript,
/// "November 25, 2026", "25 Nov 2026", "25/11/2026", "3:04 PM". Looks at a bounded number of bytes.
Moment moment_at(std::string_view text, std::size_t at);

/// End of the name of a weekday that begins at `at`; 0 without one.
std::size_t weekday_at(std::string_view text, std::size_t at);

}  // namespace headroom::align
