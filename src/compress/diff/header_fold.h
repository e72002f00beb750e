#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::diff {

/// Says once what a git diff says up to four times, so that nothing is lost:
///   diff --git a/P b/P           ->  diff --git P
///   index H (or "index H M")         index H
///   --- a/P
///   +++ b/P
/// and "@@ -12,7 +14,8 @@ section" becomes "@@ -12 @@ section" where the counts and the new side's start follow from
/// the lines below and the hunks above. expand_headers() gives the exact bytes back. nullopt: nothing to fold, or it
/// would not come back.
std::optional<std::string> fold_headers(std::string_view text);

std::string expand_headers(std::string_view folded);

}  // namespace headroom::compress::diff
