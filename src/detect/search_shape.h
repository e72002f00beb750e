#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/content_type.h"
#include "detect/detect.h"

namespace headroom::detect {

/// What search and listing tools print: path:line:text hits with or without context, hits below the names of their
/// files, path:text, path:count, lists of paths, drawn folder trees. Compiler diagnostics and logs are not among them.
/// Where the lines alone could be something else, too, the tool or command decides.
std::optional<Detection> search_shape(std::span<const std::string_view> lines, const Hints& hints);

/// The lines of `rg --json`, which are JSON each but hits all the same.
bool is_search_events(std::string_view text);

/// Finds as elements: <match path="a.ts" line=12>, lines of text, </match>.
bool is_search_matches(std::string_view text);

/// The call is one of a search or listing tool.
bool prints_search(const Hints& hints);

}  // namespace headroom::detect
