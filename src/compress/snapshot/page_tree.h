#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::compress::snapshot {

/// A line of a page as tools of browsers show it to who cannot see it: "- button "Save" [ref=e12]", or
/// "uid=1_4 button "Save"". What is no node says something of the one that it stands in ("- /url: /home").
struct Node {
  std::string_view role;  ///< "button"; empty: no node
  std::string_view name;  ///< what stands in quotes
  std::uint32_t indent = 0;
  std::uint32_t end = 0;  ///< the first line behind what stands in it
};

/// The lines as nodes, or none where the text is no such page: most lines must be nodes, and many have a reference.
std::vector<Node> read_page(std::span<const std::string_view> lines);

}  // namespace headroom::compress::snapshot
