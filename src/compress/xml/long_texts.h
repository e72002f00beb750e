#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/xml/document.h"

namespace headroom::compress::xml {

/// Lines that are left out, counted from 1, both included.
struct LineGap {
  std::size_t first = 0, last = 0;
  std::string what;
};

/// What goes of elements that hold nothing but very many lines (what a test printed), by what shortens logs. Elements
/// that are `gone` and what is in them are passed over. Ascending, disjoint.
std::vector<LineGap> shorten_texts(const Document& document, const std::vector<bool>& gone, const Input& input);

}  // namespace headroom::compress::xml
