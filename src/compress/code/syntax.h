#pragma once

#include <cstddef>
#include <memory>
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

/// Nodes where the text does not fit the grammar: what was skipped and what was assumed.
std::size_t count_errors(const TSTree& tree);

}  // namespace headroom::compress::code
