#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::agents {

/// JSON text over several lines: `unit` more of indentation for each level, `indent` before all lines but the first.
/// Scalars, and lists and objects without content, stay on one line.
base::Result<std::string> pretty_json(std::string_view json, std::string_view unit, std::string_view indent,
                                      std::string_view newline);

/// The value in TOML, on one line: inline tables, no dates. kInvalidArgument for null, which TOML does not have.
base::Result<std::string> toml_value(std::string_view json);
/// A name as TOML writes it: bare where it can be.
std::string toml_key(std::string_view key);

/// The value in YAML, to stand behind "name:". Objects and lists with content begin on a line of their own, each line
/// behind `indent`; the text begins with a blank or a newline and has none at its end.
base::Result<std::string> yaml_value(std::string_view json, std::string_view indent, std::string_view newline);
/// A scalar or a name on one line: plain where nobody can take it for something else, else in double quotes.
std::string yaml_text(std::string_view text);

}  // namespace headroom::agents
