#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::log {

/// Folds runs of identical lines, and of identical blocks of up to eight lines, into "<<13-40: lines 9-12 repeated>>".
/// Nothing is lost: expand_repeats() gives the exact bytes back. nullopt: nothing to fold, or the text holds such a
/// line already.
std::optional<std::string> fold_repeats(std::string_view text);

/// The inverse of fold_repeats().
std::string expand_repeats(std::string_view folded);

}  // namespace headroom::compress::log
