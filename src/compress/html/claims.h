#pragma once

#include "compress/html/document.h"

namespace headroom::compress::html {

/// What the page says of itself in its head, in attributes and in data for search engines.
struct Claims {
  bool article = false;
  bool public_site =
      false;           ///< it leads to where sites have their readers follow them, as what is printed or built does not
  bool other = false;  ///< a product, a question with answers, a thread, a profile
};

/// Linear in the size of the page.
Claims read_claims(const Document& document);

}  // namespace headroom::compress::html
