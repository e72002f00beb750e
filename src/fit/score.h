#pragma once

#include <vector>

#include "fit/plan.h"

namespace headroom::fit {

/// How much each block is still worth, about 0 to 3 (errors more). Sums up recency, nearness to what the user asked
/// last (BM25), whether something later refers to what the block names, density (distinct words for words), errors;
/// what the same call gave again later is worth less. Reads the beginning and the end of long texts only: time is
/// linear in blocks.
std::vector<double> score_blocks(const Window& window);

}  // namespace headroom::fit
