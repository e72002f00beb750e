#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::log {

/// What a question asks for besides its words.
struct Wants {
  bool extreme = false;  ///< the slowest, the largest, the most: minima and maxima are part of the answer
  bool first = false;
  bool last = false;
  bool high = false;               ///< the upper end of some order
  bool low = false;                ///< the lower end
  bool size = false;               ///< the order is one of sizes
  bool date = false;               ///< ... of dates or ages
  bool span = false;               ///< ... of durations
  bool empty = false;              ///< what is zero, empty or missing
  bool problem = false;            ///< what went wrong, or what to mend
  bool number = false;             ///< how many there are, which the markers tell
  std::uint32_t top = 0;           ///< "the ten largest"; 0: not said
  std::vector<std::string> stems;  ///< the question's words, for the titles of columns
};

Wants read_wants(std::string_view question);

/// The question's words name a column with this title: "%MEM" when it says memory.
bool names_column(const Wants& wants, std::string_view title);

}  // namespace headroom::compress::log
