#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::context {

/// A line of what is sent in the place of a text, and the lines of the text that it stands for.
struct SentLine {
  std::string line;                 ///< gaps count the lines of the whole text
  std::size_t first = 0, last = 0;  ///< from 1, both included
  bool is_line = false;             ///< shows the line `first`; what follows it is a gap
  bool has_gap = false;
  bool untimed = false;  ///< the time that it begins with is taken out
};

/// Empty unless what is sent is just lines of the text, in order, and gaps. Lines may lack what is taken out of all of
/// them: blanks at their ends, marks of a page that nobody acts by, times of a job's log.
std::vector<SentLine> read_sent_lines(std::string_view text, std::string_view sent);

/// Which lines of the text what is sent shows; empty where that cannot be told. `untimed`: lines whose times are taken
/// out count, too; not for a reader who may want to know them.
std::vector<bool> lines_shown(std::string_view text, std::string_view sent, bool untimed);

}  // namespace headroom::context
