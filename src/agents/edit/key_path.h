#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace headroom::agents {

/// One step down in a settings file.
struct Step {
  enum class Kind : std::uint8_t {
    kMember,  ///< of an object: `key`
    kIndex,   ///< of an array: `index`
    kWhere,   ///< of an array of objects: the first whose member `key` is the string `value`
  };
  Kind kind = Kind::kMember;
  std::string key;
  std::string value;
  std::size_t index = 0;

  bool operator==(const Step&) const = default;
};

/// The way from the root of a settings file to a value.
using KeyPath = std::vector<Step>;

/// Reads `mcpServers.headroom.command`, `models[0].apiBase`, `mcpServers[name=headroom]`; a name with other characters
/// than letters, digits, `_` and `-` stands in double quotes: `"github.copilot.advanced".x`. kInvalidArgument for
/// anything else.
base::Result<KeyPath> parse_key_path(std::string_view text);

/// The same, written; for people and for the journal.
std::string key_path_text(const KeyPath& path);

/// A path of member names alone.
KeyPath member_path(std::initializer_list<std::string_view> keys);

}  // namespace headroom::agents
