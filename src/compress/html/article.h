#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/html/document.h"
#include "compress/html/hints.h"
#include "compress/html/measures.h"

namespace headroom::compress::html {

/// How much running text an article has. Beside a brief one there may stand what is as much to the point; of a scant
/// one only the element that holds it is known.
enum class Extent : std::uint8_t { kLong, kBrief, kScant };

/// A page that tells one thing in running text: news, a post, a recipe, a chapter.
struct Article {
  std::uint32_t core = 0;  ///< the innermost element that has nearly all of the running text; 0: the page is no article
  bool says_so = false;    ///< by its metadata
  Extent extent = Extent::kLong;
  std::uint32_t head = 0;  ///< the heading above it from which on lines belong to it; `core` when there is none
};

/// Looks for it below `main`, which may be 0. `hints`: one for each node. Pages with several texts of one rank
/// (threads, questions with answers, results, lists of posts), products and pages of little text are no articles.
Article find_article(const Document& document, const std::vector<Measure>& measures, const std::vector<Hint>& hints,
                     std::uint32_t main);

}  // namespace headroom::compress::html
