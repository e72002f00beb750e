#include "agents/edit/render.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::agents {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

bool has_content(const JsonNode& node) {
  return (node.kind == JsonKind::kObject || node.kind == JsonKind::kArray) && node.size > 0;
}

void pretty(const JsonDocument& doc, const JsonNode& node, std::string_view unit, const std::string& indent,
            std::string_view newline, std::string& out) {
  if (!has_content(node)) {
    out += node.size == 0 && node.kind == JsonKind::kObject  ? "{}"
           : node.size == 0 && node.kind == JsonKind::kArray ? "[]"
                                                             : node.raw;
    return;
  }
  const bool object = node.kind == JsonKind::kObject;
  const std::string inner = indent + std::string(unit);
  out += object ? '{' : '[';
  bool first = true;
  for (const JsonNode& child : doc.children(node)) {
    out += fmt::format("{}{}{}", first ? "" : ",", newline, inner);
    if (object) out += fmt::format("{}: ", child.key_raw);
    pretty(doc, child, unit, inner, newline, out);
    first = false;
  }
  out += fmt::format("{}{}{}", newline, indent, object ? '}' : ']');
}

base::Result<void> toml(const JsonDocument& doc, const JsonNode& node, std::string& out) {
  switch (node.kind) {
    case JsonKind::kNull:
      return base::fail(base::ErrorCode::kInvalidArgument, "TOML has no null");
    case JsonKind::kString:
      // JSON's escapes are TOML's, but that of a slash, which is never written, and DEL, which TOML wants escaped.
      out += base::encode_json_string(node.text);
      for (std::size_t at = 0; (at = out.find('\x7f', at)) != std::string::npos; at += 6) out.replace(at, 1, "\\u007F");
      return {};
    case JsonKind::kArray:
    case JsonKind::kObject:
      break;
    default:
      out += node.raw;
      return {};
  }
  const bool object = node.kind == JsonKind::kObject;
  out += object ? (node.size > 0 ? "{ " : "{") : "[";
  bool first = true;
  for (const JsonNode& child : doc.children(node)) {
    if (!first) out += ", ";
    first = false;
    if (object) out += toml_key(child.key) + " = ";
    if (auto done = toml(doc, child, out); !done) return done;
  }
  out += object ? (node.size > 0 ? " }" : "}") : "]";
  return {};
}

bool looks_like_other_yaml(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kWords = {"true", "false", "yes", "no", "on",
                                                              "off",  "null",  "y",   "n",  "~"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return std::ranges::find(kWords, lower) != kWords.end() || (text[0] >= '0' && text[0] <= '9') || text[0] == '-' ||
         text[0] == '.';
}

void yaml(const JsonDocument& doc, const JsonNode& node, const std::string& indent, std::string_view newline,
          std::string& out);

/// An element of a list: its first line stands behind "- ".
void yaml_element(const JsonDocument& doc, const JsonNode& node, const std::string& indent, std::string_view newline,
                  std::string& out) {
  std::string text;
  yaml(doc, node, indent + "  ", newline, text);
  if (has_content(node)) text.erase(0, newline.size() + indent.size() + 1);
  out += fmt::format("{}{}-{}", newline, indent, text);
}

void yaml(const JsonDocument& doc, const JsonNode& node, const std::string& indent, std::string_view newline,
          std::string& out) {
  if (!has_content(node)) {
    out += " ";
    if (node.kind == JsonKind::kObject)
      out += "{}";
    else if (node.kind == JsonKind::kArray)
      out += "[]";
    else if (node.kind == JsonKind::kString)
      out += yaml_text(node.text);
    else
      out += node.raw;
    return;
  }
  for (const JsonNode& child : doc.children(node)) {
    if (node.kind == JsonKind::kArray) {
      yaml_element(doc, child, indent, newline, out);
      continue;
    }
    out += fmt::format("{}{}{}:", newline, indent, yaml_text(child.key));
    yaml(doc, child, indent + "  ", newline, out);
  }
}

}  // namespace

base::Result<std::string> pretty_json(std::string_view json, std::string_view unit, std::string_view indent,
                                      std::string_view newline) {
  const auto doc = JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  std::string out;
  pretty(*doc, doc->root(), unit, std::string(indent), newline, out);
  return out;
}

std::string toml_key(std::string_view key) {
  const auto bare = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (!key.empty() && std::ranges::all_of(key, bare)) return std::string(key);
  return toml_value(base::encode_json_string(key)).value_or("\"\"");
}

base::Result<std::string> toml_value(std::string_view json) {
  const auto doc = JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  std::string out;
  if (auto done = toml(*doc, doc->root(), out); !done) return std::unexpected(done.error());
  return out;
}

std::string yaml_text(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '/' || c == '.';
  };
  if (!text.empty() && std::ranges::all_of(text, plain) && !looks_like_other_yaml(text)) return std::string(text);
  return base::encode_json_string(text);
}

base::Result<std::string> yaml_value(std::string_view json, std::string_view indent, std::string_view newline) {
  const auto doc = JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  std::string out;
  yaml(*doc, doc->root(), std::string(indent), newline, out);
  return out;
}

}  // namespace headroom::agents
