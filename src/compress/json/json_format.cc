#include "compress/json/json_format.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "compress/json/cell.h"

namespace headroom::compress::json {

std::string format_json(std::string_view minified, JsonStyle style) {
  if (style.kind == JsonStyle::Kind::kCompact || style.kind == JsonStyle::Kind::kOther) return std::string(minified);
  const bool lines = style.kind == JsonStyle::Kind::kIndented;
  std::string out;
  std::size_t depth = 0;
  const auto line = [&] {
    out.push_back('\n');
    out.append(depth * static_cast<std::size_t>(style.indent), ' ');
  };
  for (std::size_t at = 0; at < minified.size();) {
    const char c = minified[at];
    if (c == '"') {
      const std::size_t end = std::min(literal_end(minified, at), minified.size());
      out.append(minified.substr(at, end - at));
      at = end;
      continue;
    }
    ++at;
    if (c == '{' || c == '[') {
      out.push_back(c);
      if (at < minified.size() && (minified[at] == '}' || minified[at] == ']')) {
        out.push_back(minified[at++]);
        continue;
      }
      ++depth;
      if (lines) line();
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
      if (lines) line();
      out.push_back(c);
    } else if (c == ',') {
      out.push_back(c);
      if (lines) {
        line();
      } else {
        out.push_back(' ');
      }
    } else if (c == ':') {
      out += ": ";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::optional<JsonStyle> json_style_of(std::string_view text, std::string_view minified) {
  if (text == minified) return JsonStyle{};
  JsonStyle style{.kind = JsonStyle::Kind::kSpaced};
  if (const std::size_t newline = text.find('\n'); newline != std::string_view::npos) {
    const std::size_t end = text.find_first_not_of(' ', newline + 1);
    if (end == std::string_view::npos || end - newline - 1 > 16) return std::nullopt;
    style = JsonStyle{.kind = JsonStyle::Kind::kIndented, .indent = static_cast<int>(end - newline - 1)};
  }
  if (format_json(minified, style) != text) return std::nullopt;
  return style;
}

std::string style_name(JsonStyle style) {
  if (style.kind == JsonStyle::Kind::kSpaced) return " spaced";
  if (style.kind == JsonStyle::Kind::kIndented) return fmt::format(" indent={}", style.indent);
  if (style.kind == JsonStyle::Kind::kOther) return " reformatted";
  return {};
}

std::optional<JsonStyle> style_from_name(std::string_view name) {
  if (name.empty()) return JsonStyle{};
  if (name == " spaced") return JsonStyle{.kind = JsonStyle::Kind::kSpaced};
  if (name == " reformatted") return JsonStyle{.kind = JsonStyle::Kind::kOther};
  if (!name.starts_with(" indent=")) return std::nullopt;
  JsonStyle style{.kind = JsonStyle::Kind::kIndented};
  name.remove_prefix(8);
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), style.indent);
  if (error != std::errc() || end != name.data() + name.size() || style.indent < 0 || style.indent > 16) {
    return std::nullopt;
  }
  return style;
}

}  // namespace headroom::compress::json
