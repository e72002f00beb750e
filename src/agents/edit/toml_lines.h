#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/edit/tree.h"
#include "base/result.h"

namespace headroom::agents {

/// A header or an assignment of a TOML file.
struct TomlStatement {
  enum class Kind : std::uint8_t { kAssignment, kTable, kArrayTable };
  Kind kind = Kind::kAssignment;
  std::vector<std::string> path;  ///< from the root; of what stands in an element of an array of tables: see `element`
  base::Span lines;               ///< whole lines, the newline included
  base::Span value;               ///< of an assignment
  std::size_t element = 0;        ///< 0: not below a [[header]]; else one more than that header's place in the list
};

/// Where every statement of a file stands. kParse, with the line, for what this reader does not follow.
base::Result<std::vector<TomlStatement>> parse_toml_lines(std::string_view text);

/// The value that begins at `at` with what it holds; spans are of `text`.
base::Result<Tree> parse_toml_value(std::string_view text, std::size_t at);

base::Result<std::optional<std::string>> get_toml(std::string_view text, const KeyPath& path);
base::Result<std::string> set_toml(std::string_view text, const KeyPath& path, std::string_view json);
base::Result<std::string> remove_toml(std::string_view text, const KeyPath& path);

}  // namespace headroom::agents
