#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/xml/document.h"

namespace headroom::compress::xml {

/// Elements that are records of one list, wherever the list is cut by what stands around: same names from the root
/// down.
struct Level {
  std::vector<std::uint32_t> elements;
  std::size_t bytes = 0;
};

/// Lists in lists, outermost first: suites and the cases in them. The last one holds the records; those before it are
/// kept as frames around what stays in them, or go as a whole.
using Chain = std::vector<Level>;

/// The chains of a document that are worth to be shortened; disjoint.
std::vector<Chain> find_chains(const Document& document);

}  // namespace headroom::compress::xml
