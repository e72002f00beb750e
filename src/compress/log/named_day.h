#pragma once

#include <optional>
#include <string_view>

namespace headroom::compress::log {

/// A day that a question names without its year: "the 26th", "Nov 3", "3 November".
struct NamedDay {
  unsigned day = 0;
  unsigned month = 0;  ///< 0: not said
};

std::optional<NamedDay> named_day(std::string_view question);

/// The line has a date of that day: "2026-11-26", "26/Nov/2026", "Nov 26", "26 November".
bool holds_day(std::string_view line, NamedDay day);

}  // namespace headroom::compress::log
