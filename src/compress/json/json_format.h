#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::json {

/// How a JSON text is laid out: the styles that the common writers make.
struct JsonStyle {
  enum class Kind {
    kCompact,
    kSpaced,
    kIndented,
    kOther,  ///< not known; written as compact
  };
  Kind kind = Kind::kCompact;
  int indent = 0;  ///< kIndented: spaces per level
  bool operator==(const JsonStyle&) const = default;
};

/// Minified JSON in the given style.
std::string format_json(std::string_view minified, JsonStyle style);

/// The style that gives `text` back exactly from `minified`, or nullopt.
std::optional<JsonStyle> json_style_of(std::string_view text, std::string_view minified);

/// "", " spaced", " indent=2" or " reformatted", and back.
std::string style_name(JsonStyle style);
std::optional<JsonStyle> style_from_name(std::string_view name);

}  // namespace headroom::compress::json
