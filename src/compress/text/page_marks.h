#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::text {

/// A page of a browser without marks that nobody acts by. Line N of it is line N of the original.
struct Unmarked {
  std::string text;
  std::string
      what;  ///< "references of 25 nodes that only hold others, and 14 pointers of links and buttons, taken out"
};

/// Of a page as tools of browsers show it ("- list [ref=e6]:"), the references of nodes that only hold others or text
/// and show no pointer, and "[cursor=pointer]" of links, buttons and fields, which always have one. nullopt: these are
/// not much. Not invertible, so whoever uses the result keeps the original.
std::optional<Unmarked> without_marks(std::string_view text);

}  // namespace headroom::compress::text
