#pragma once

#include <cstdint>
#include <vector>

#include "compress/search/document.h"

namespace headroom::compress::search {

/// What is known about a row from the others of its kind. Rows are of a kind when they differ only in names, numbers
/// and strings.
struct Shape {
  std::uint32_t kind = 0;     ///< dense; 0 for rows that found nothing
  std::uint32_t of_kind = 0;  ///< rows of that kind
  std::uint32_t before = 0;   ///< rows of that kind that stand before this one
  std::uint32_t copies = 0;   ///< rows before it with exactly this text
  bool odd = false;           ///< holds a name or number that hardly any row of its kind has at that place
  bool remark = false;        ///< holds a word such as TODO, deprecated, unsafe, or the id of an issue
  bool numbers = false;       ///< holds a number
  double number = 0;          ///< the largest number in it
};

/// One a row; linear in the text.
std::vector<Shape> find_shapes(const Document& document);

}  // namespace headroom::compress::search
