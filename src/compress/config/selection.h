#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/config/blocks.h"
#include "compress/config/tree.h"

namespace headroom::compress::config {

/// Why a line is left out.
enum class Left : std::uint8_t {
  kKept,
  kComment,
  kAlike,  ///< the representative of its cluster has it alike
  kCopy,   ///< stands above, line for line
  kNoise,  ///< bookkeeping of a cluster's API server, unique ids
  kValue,  ///< the representative has the key with another value
  kAside,  ///< not what the question is about, where tokens are short
};

/// How much goes, each with what goes before it.
enum class Depth : std::uint8_t {
  kUsual,   ///< what stands elsewhere alike, comments
  kValues,  ///< of like blocks also values that differ, unless the question names them
  kBlocks,  ///< what stands in blocks that the question does not touch
  kAsked,   ///< all but what it names and what that stands in
};

std::string_view left_name(Left left);

/// Of clusters one block stays whole and of the others what differs from it; comments go unless they warn. Lines that
/// the question names stay, and blocks that it names stay whole.
std::vector<Left> select_lines(const Tree& tree, const std::vector<Cluster>& clusters,
                               const std::vector<std::uint8_t>& asked, const Query& query, Depth depth = Depth::kUsual);

/// A comment that says more than what a setting means: warnings, what is to be done, what expires.
bool warns(std::string_view comment);

/// The question, in lower case, says the name, as a word of its own, in whichever case. "/orders" is said by "orders".
bool says(std::string_view lowered_question, std::string_view name);

/// The question wants something of every block ("list all ...").
bool wants_every_block(std::string_view question);

/// Of blocks, at any depth, that hold no asked line only the head stays.
void leave_untouched(const Tree& tree, const std::vector<std::uint8_t>& asked, std::vector<Left>& lines);

/// Of all lines only those that are asked stay, and the heads of the blocks that these are in.
void leave_all_but(const Tree& tree, const std::vector<std::uint8_t>& asked, std::vector<Left>& lines);

/// Puts back lines that were not asked for, from the first on, as far as `tokens` go.
void fill(const Tree& tree, std::size_t tokens, std::vector<Left>& lines);

/// Marks all lines of the blocks that the question names, and those with a key of which it wants every value.
void ask_for_named(const Tree& tree, const std::vector<Cluster>& clusters, const Query& query,
                   std::vector<std::uint8_t>& asked);

}  // namespace headroom::compress::config
