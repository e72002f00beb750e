#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compress/html/content.h"
#include "compress/html/document.h"
#include "compress/html/measures.h"

namespace headroom::compress::html {

/// What was left out of a page.
struct Summary {
  std::string text;       ///< "page as markdown; without markup, 3 scripts, navigation (120 links), footer"
  std::size_t parts = 0;  ///< elements left out
};

Summary summarize(const Document& document, const std::vector<Measure>& measures, const Content& content);

}  // namespace headroom::compress::html
