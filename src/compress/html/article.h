#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/html/document.h"
#include "compress/html/hints.h"
#include "compress/html/measures.h"

namespace headroom::compress::html {

/// A page that tells one thing in running text: news, a post, a recipe, a chapter.
struct Article {
  std::uint32_t core = 0;  ///< the innermost element that has nearly all of the running text; 0: the page is no article
  bool says_so = false;    ///< by its metadata
  std::uint32_t head = 0;  ///< the heading above it from which on lines belong to it; `core` when there is none
};

/// Looks for it below `main`, which may be 0. `hints`: one for each node. Pages with several texts of one rank
/// (threads, questions with answers, results, lists of posts), products and pages of little text are no articles.
Article find_article(const Document& document, const std::vector<Measure>& measures, const std::vector<Hint>& hints,
                     std::uint32_t main);

/// A list of other pages, each with a heading or a picture and a line or two: "related", "latest", "more from".
bool is_teaser_list(const Document& document, const std::vector<Measure>& measures, std::uint32_t node);

/// The line below a picture. Figures that the text may speak of by number are none, nor captions of code and tables.
bool is_caption_of_picture(const Document& document, const std::vector<Measure>& measures, std::uint32_t node);

/// "author-box", "post-tags", "photo-credit": what stands in and around articles and is not told by them.
bool is_furniture(const Document& document, std::uint32_t node);

/// Somewhere below it stands an amount of money.
bool shows_price(const Document& document, std::uint32_t node);

}  // namespace headroom::compress::html
