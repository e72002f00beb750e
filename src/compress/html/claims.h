#pragma once

#include "compress/html/document.h"

namespace headroom::compress::html {

/// What the page says of itself in its head, in attributes and in data for search engines.
struct Claims {
  bool article = false;
  bool other = false;  ///< a product, a question with answers, a thread, a profile
};

/// Linear in the size of the page.
Claims read_claims(const Document& document);

}  // namespace headroom::compress::html
