#pragma once

#include <cstdint>
#include <vector>

#include "compress/html/document.h"
#include "compress/html/measures.h"

namespace headroom::compress::html {

/// A list of other pages, each with a heading or a picture and a line or two: "related", "latest", "more from".
bool is_teaser_list(const Document& document, const std::vector<Measure>& measures, std::uint32_t node);

/// A link in it leads to a document, an archive or a picture rather than to a page.
bool leads_to_file(const Document& document, std::uint32_t node);

/// The line below a picture. Figures that the text may speak of by number are none, nor captions of code and tables.
bool is_caption_of_picture(const Document& document, const std::vector<Measure>& measures, std::uint32_t node);

/// "author-box", "post-tags", "photo-credit": what stands in and around articles and is not told by them.
bool is_furniture(const Document& document, const std::vector<Measure>& measures, std::uint32_t node);

/// A form for what readers may write below the page, or to subscribe, log in or search.
bool is_form_of_site(const Document& document, std::uint32_t node);

/// Somewhere below it stands an amount of money.
bool shows_price(const Document& document, std::uint32_t node);

}  // namespace headroom::compress::html
