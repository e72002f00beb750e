#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/html/document.h"
#include "compress/html/hints.h"
#include "compress/html/measures.h"
#include "compress/html/wishes.h"

namespace headroom::compress::html {

/// Which nodes of a page are its content.
struct Content {
  /// Per node, why it is left out; kNone for what is kept. A whole subtree has one fate, unless something in it was
  /// called back because the question names it.
  std::vector<Reason> left_out;
  std::vector<std::uint32_t> recalled;  ///< meta elements to show as they are written, pictures to name; ascending
  std::vector<std::uint32_t> data;      ///< elements whose data to show, because it is what the page shows; ascending
  bool article = false;                 ///< the page tells one thing in running text
  std::string by;                       ///< for --explain: what told content from the rest
  std::uint32_t kept_text = 0;          ///< bytes that are no white space
  std::uint32_t shown_text = 0;         ///< the same, of the whole page
};

/// Leaves out what stands around the content: first by everything that tells it; when too little of the page remains
/// then, by tags and roles alone; else nothing but scripts and styles.
Content choose_content(const Document& document, const std::vector<Measure>& measures, const Wishes& wishes);

}  // namespace headroom::compress::html
