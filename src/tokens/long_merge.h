#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tokens/rank_table.h"

namespace headroom::tokens {

/// merge_piece() for a piece of any length: time and memory stay near linear in it.
std::size_t merge_long_piece(const RankTable& ranks, const char* piece, std::size_t length,
                             std::vector<std::uint32_t>* ids = nullptr);

}  // namespace headroom::tokens
