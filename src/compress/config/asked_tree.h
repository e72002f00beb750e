#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/compressor.h"
#include "compress/config/asked_settings.h"
#include "compress/config/blocks.h"
#include "compress/config/tree.h"

namespace headroom::compress::config {

/// What a question says about the entries of a tree.
struct AskedTree {
  std::vector<std::uint8_t> named;  ///< by line: 1 when the question is about it
  Said said = Said::kNothing;
  bool in_blocks = false;  ///< all that the question says is in blocks that it names: `named` are lines of these
};

/// Entries are settings whose keys are all keys on the way to them, and the names of the blocks that they are in. A
/// question that compares ("another", "the most", "not") says nothing: what it is about is known only by the others.
/// Where it names a block and what of it is asked ("the image of web"), the others' settings of that name are not
/// meant.
AskedTree ask_tree(const Tree& tree, const Query& query, std::span<const Cluster> clusters = {});

}  // namespace headroom::compress::config
