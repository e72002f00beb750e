#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::text {

// The tag that most lines of a text begin with, written once:
//
//   <<next 28 lines, but not those behind ~, begin with: ==4711==>>
//    Invalid read of size 8
//   ~Segmentation fault
//      at 0x109225: drop (list.c:11)
//
// Gap markers among the lines stay as they are.

/// nullopt: nothing to gain, or the text holds lines that such a text could not tell apart. The text may end with a
/// handle, which stays below the lines.
std::optional<std::string> fold_common_head(std::string_view text);

/// The inverse.
std::string expand_common_head(std::string_view folded);

}  // namespace headroom::compress::text
