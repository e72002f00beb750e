#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tokens/rank_table.h"

namespace headroom::tokens {

/// Byte-pair merge of one piece (length >= 1): the adjacent pair of lowest rank first, the leftmost of equals. Returns
/// the number of tokens and, where `ids` is given, appends them. Pieces of up to kShortPiece bytes allocate nothing;
/// longer ones cost time and memory that is linear in their length but for a small logarithm.
std::size_t merge_piece(const RankTable& ranks, const char* piece, std::size_t length,
                        std::vector<std::uint32_t>* ids = nullptr);

inline constexpr std::size_t kShortPiece = 256;

}  // namespace headroom::tokens
