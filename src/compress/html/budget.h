#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/html/blocks.h"

namespace headroom::compress::html {

/// How many tokens the markdown may have; 0: as many as it takes.
std::size_t token_budget(const Input& input, std::size_t tokens);

/// About how many tokens stay of a long page when the question is about a passage of it: its words stand near to each
/// other somewhere. 0: all.
std::size_t passage_budget(const Input& input, const std::vector<Block>& blocks, std::size_t tokens);

/// Leaves out blocks that tell least about the question until about `budget` tokens are left, and puts a gap marker
/// where some were, in lines of `page` counted from `first_line`. Headings, the first blocks, the last one and whatever
/// holds an exact string of the question stay. Returns how many blocks were left out.
std::size_t keep_within(std::vector<Block>& blocks, std::size_t budget, const Query& query, std::string_view page,
                        std::size_t first_line);

}  // namespace headroom::compress::html
