#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::align {

struct GitSection {
  std::size_t begin = 0, end = 0;  ///< the value; end 0: there is none
};

/// Finds what git says in a prompt, line by line: the branch, the files of a short status, the recent commits.
/// "Status:" and "Recent commits:" count only after a line that speaks of git, and take only lines that git could have
/// printed.
class GitSections {
 public:
  /// Call for each line, in order, unless a section has swallowed it. A section without lines has begin == end.
  GitSection section_at(std::string_view text, std::size_t line);

 private:
  bool git_ = false;
};

}  // namespace headroom::align
