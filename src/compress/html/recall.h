#pragma once

#include "compress/compressor.h"
#include "compress/html/content.h"
#include "compress/html/document.h"
#include "compress/html/measures.h"

namespace headroom::compress::html {

/// Takes back into the content what the question names although it was left out: pieces with an exact string of the
/// question that the content lacks, or with more of its words than any piece of the content. Also data in scripts and
/// meta elements. Returns how many pieces.
std::size_t recall_named(const Document& document, const std::vector<Measure>& measures, const Query& query,
                         Content& content);

}  // namespace headroom::compress::html
