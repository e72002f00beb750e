#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agents/edit/key_path.h"
#include "base/result.h"

namespace headroom::agents {

/// Of a settings file. JSON is read with comments, trailing commas and names without quotes (JSONC, JSON5); files of
/// variables (kEnv) are read only: setting and removing is kInvalidArgument.
enum class Format : std::uint8_t { kJson, kToml, kYaml, kEnv };

/// Edits of settings files that other people write: every byte that the edit is not about stays, comments, order and
/// white space included. A value is given and handed out as JSON text, whatever the format. All functions are pure.
/// kParse when the text is not in its format, or says it in a way that cannot be edited safely (the message names the
/// line); kInvalidArgument when the path leads through something that is no object or array.

/// The value at a path as compact JSON; nullopt when there is none.
base::Result<std::optional<std::string>> get_key(Format format, std::string_view text, const KeyPath& path);

/// The text with `json` at the path. What is missing on the way is made; an element that no `[name=value]` finds is
/// appended. An empty text is an empty object.
base::Result<std::string> set_key(Format format, std::string_view text, const KeyPath& path, std::string_view json);

/// The text without what stands at the path; as it was when nothing does.
base::Result<std::string> remove_key(Format format, std::string_view text, const KeyPath& path);

/// JSON text without white space and with sorted names, so that equal values are equal texts.
base::Result<std::string> canonical_json(std::string_view json);

}  // namespace headroom::agents
