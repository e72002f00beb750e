#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compress/search/document.h"

namespace headroom::compress::search {

/// A drawn folder tree with a blank for each level instead of the drawing:
///
///   [tree]
///   src
///    compress
///     log
///
/// ("[tree, cut]" where the text ends in the middle of it.) No final newline; nothing when the drawing is none that
/// these levels tell exactly.
std::optional<std::string> fold_tree(const Document& document);

/// The drawn lines of what fold_tree() wrote; nothing for any other text.
std::optional<std::string> unfold_tree(std::string_view text);

}  // namespace headroom::compress::search
