#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agents/edit/tree.h"
#include "base/result.h"

namespace headroom::agents {

/// Reads the YAML that settings are written in: mappings and lists over lines, scalars on one line, plain or in quotes.
/// What else stands behind a name (text over several lines, brackets with content, anchors, tags) is a value that can
/// be replaced or removed as a whole; its `text` is empty and its kind kScalar. kParse, with the line, for tabs as
/// indentation, several documents, and what is no mapping or list at its top. An empty file is kNotFound.
base::Result<Tree> parse_yaml(std::string_view text);

base::Result<std::optional<std::string>> get_yaml(std::string_view text, const KeyPath& path);
base::Result<std::string> set_yaml(std::string_view text, const KeyPath& path, std::string_view json);
base::Result<std::string> remove_yaml(std::string_view text, const KeyPath& path);

}  // namespace headroom::agents
