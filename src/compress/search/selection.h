#pragma once

#include <vector>

#include "compress/compressor.h"
#include "compress/search/document.h"
#include "compress/search/features.h"
#include "compress/search/render.h"

namespace headroom::compress::search {

struct Selection {
  Keep keep;
  std::vector<Why> why;  ///< one a row
  bool all = false;      ///< the question wants every row, or the rows are few: nothing is to be left out
};

/// Which rows stay. About `budget` tokens of them; what the question names stays whatever the budget.
Selection select(const Document& document, const Query& query, std::size_t budget);

}  // namespace headroom::compress::search
