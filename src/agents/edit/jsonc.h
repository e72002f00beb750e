#pragma once

#include <string>
#include <string_view>

#include "agents/edit/tree.h"
#include "base/result.h"

namespace headroom::agents {

/// Reads JSON with comments, trailing commas, names without quotes and strings in single quotes; a byte order mark may
/// stand before it. kParse names the line. An empty text, or one of comments alone, is kNotFound.
base::Result<Tree> parse_jsonc(std::string_view text);

/// The value as strict, compact JSON.
std::string strict_json(const Tree& tree, std::string_view text, std::uint32_t node);

base::Result<std::string> set_jsonc(std::string_view text, const KeyPath& path, std::string_view json);
base::Result<std::string> remove_jsonc(std::string_view text, const KeyPath& path);

/// Where blanks and comments that begin at `at` end; with `one_line`, those of the same line.
std::size_t skip_jsonc_space(std::string_view text, std::size_t at, bool one_line = false);

}  // namespace headroom::agents
