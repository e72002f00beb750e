#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <tree_sitter/api.h>

#include "base/clock.h"
#include "compress/code/language.h"

namespace headroom::compress::code {

struct TreeDeleter {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};
using Tree = std::unique_ptr<TSTree, TreeDeleter>;

/// The tree of `text`. nullptr when the parser takes more steps than any real source of that size needs, when the
/// deadline is spent, or when the text is too large. `text` must outlive nothing: the tree holds positions only.
Tree parse(const Language& language, std::string_view text, base::Deadline deadline);

/// Whole rows of a text that other rows replace.
struct Replacement {
  std::uint32_t first_row = 0, last_row = 0;  ///< of the old text, both included
  std::uint32_t from = 0, to = 0;             ///< their bytes, line breaks included
  std::uint32_t bytes = 0;                    ///< of the one row that takes their place
};

/// The tree of `text`, which is what `old` stands for after the replacements (in ascending order); what they do not
/// touch is not parsed again. Uses `old` up.
Tree parse_again(const Language& language, Tree old, std::span<const Replacement> replacements, std::string_view text,
                 base::Deadline deadline);

/// Nodes where the text does not fit the grammar: what was skipped and what was assumed.
std::size_t count_errors(const TSTree& tree);

}  // namespace headroom::compress::code
