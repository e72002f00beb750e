#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::compress::table {

/// What kind of answer a question wants from a table, read off its words.
struct Ask {
  bool enumerates = false;  ///< "list", "which", "all": every row that fits, not a few of them
  bool everything = false;  ///< ... of the table as such, when no condition is stated: "list all"
  bool rework = false;      ///< the table is to become another text: "convert", "review"
  bool extreme = false;     ///< the largest, the odd one
  bool counts = false;      ///< how many
  bool sums = false;        ///< total, average, share
  bool groups = false;      ///< per, by, for each
  bool negates = false;     ///< not, without, other than
  std::size_t top = 0;      ///< "the five largest"; 0: not said
  bool high = false;        ///< the upper end of an order
  bool low = false;         ///< the lower end
  bool open = false;        ///< what, why, how: what stands out will do
};
Ask read_ask(std::string_view question);

}  // namespace headroom::compress::table
