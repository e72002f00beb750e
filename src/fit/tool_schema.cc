#include "fit/tool_schema.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::fit {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kLongDescription = 300;

/// What a value is: that decides what its members mean.
enum class Place : std::uint8_t {
  kPlain,       ///< any JSON: nothing in it is an annotation
  kTool,        ///< the tool itself, or OpenAI's "function" in it
  kSchema,      ///< a JSON Schema
  kSchemaMap,   ///< names to schemas: "properties", "$defs"
  kSchemaList,  ///< "anyOf"
  kExact,       ///< stays byte for byte
};

template <std::size_t N>
bool is_one_of(std::string_view key, const std::array<std::string_view, N>& keys) {
  return std::ranges::find(keys, key) != keys.end();
}

Place place_of_member(Place parent, const JsonNode& member) {
  static constexpr std::array<std::string_view, 5> kMaps = {"properties", "patternProperties", "$defs", "definitions",
                                                            "dependentSchemas"};
  static constexpr std::array<std::string_view, 13> kSchemas = {"items",
                                                                "additionalItems",
                                                                "additionalProperties",
                                                                "not",
                                                                "if",
                                                                "then",
                                                                "else",
                                                                "contains",
                                                                "propertyNames",
                                                                "unevaluatedItems",
                                                                "unevaluatedProperties",
                                                                "contentSchema",
                                                                "input_schema"};
  static constexpr std::array<std::string_view, 5> kLists = {"anyOf", "oneOf", "allOf", "prefixItems", "items"};
  if (parent == Place::kTool) {
    if (member.key == "cache_control") return Place::kExact;
    if (member.key == "function" && member.kind == JsonKind::kObject) return Place::kTool;
    const bool schema = member.key == "input_schema" || member.key == "parameters";
    return schema && member.kind == JsonKind::kObject ? Place::kSchema : Place::kPlain;
  }
  if (parent == Place::kSchemaMap) return member.kind == JsonKind::kObject ? Place::kSchema : Place::kPlain;
  if (parent != Place::kSchema) return Place::kPlain;
  if (member.kind == JsonKind::kArray && is_one_of(member.key, kLists)) return Place::kSchemaList;
  if (member.kind == JsonKind::kObject && is_one_of(member.key, kMaps)) return Place::kSchemaMap;
  if (member.kind == JsonKind::kObject && is_one_of(member.key, kSchemas)) return Place::kSchema;
  return Place::kPlain;
}

/// "File Path" and "file_path" are one name.
bool same_name(std::string_view left, std::string_view right) {
  const auto plain = [](std::string_view text) {
    std::string out;
    for (char c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
      if (c != ' ' && c != '_' && c != '-') out += c;
    }
    return out;
  };
  return plain(left) == plain(right);
}

/// The first sentences, at most kLongDescription bytes of them, but at least one.
std::string_view first_sentences(std::string_view text) {
  std::size_t cut = 0;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const bool ends = text[at] == '\n' || ((text[at] == '.' || text[at] == '!' || text[at] == '?') &&
                                           (text[at + 1] == ' ' || text[at + 1] == '\n'));
    if (!ends) continue;
    // "e.g. this" is not the end of a sentence, nor is what a small letter follows.
    if (text[at] != '\n' && at + 2 < text.size() && text[at + 2] >= 'a' && text[at + 2] <= 'z') continue;
    if (text[at] == '.' && at >= 2 && text[at - 2] == '.') continue;
    const std::size_t end = text[at] == '\n' ? at : at + 1;
    if (cut != 0 && end > kLongDescription) break;
    if (end != 0) cut = end;
    if (cut > kLongDescription) break;
  }
  return cut == 0 ? text : text.substr(0, cut);
}

class Writer {
 public:
  Writer(const JsonDocument& document, SchemaLevel level) : document_(document), level_(level) {}

  void write(const JsonNode& node, Place place) {
    if (place == Place::kExact || (node.kind != JsonKind::kObject && node.kind != JsonKind::kArray)) {
      out_ += node.raw;
      return;
    }
    const bool object = node.kind == JsonKind::kObject;
    out_ += object ? '{' : '[';
    bool first = true;
    for (const JsonNode& child : document_.children(node)) {
      if (object && place == Place::kSchema && is_idle(node, child)) continue;
      if (!first) out_ += ',';
      first = false;
      if (object) {
        out_ += child.key_raw;
        out_ += ':';
      }
      if (object && place == Place::kSchema && child.key == "description" && &node != root_schema_ && shorten(child)) {
        continue;
      }
      const Place inside = object ? place_of_member(place, child)
                           : place == Place::kSchemaList && child.kind == JsonKind::kObject ? Place::kSchema
                                                                                            : Place::kPlain;
      if (inside == Place::kSchema && place == Place::kTool) root_schema_ = &child;
      write(child, inside);
    }
    out_ += object ? '}' : ']';
  }

  std::string take() && { return std::move(out_); }

 private:
  bool is_idle(const JsonNode& schema, const JsonNode& member) const {
    if (member.key == "$schema" || member.key == "$comment") return member.kind == JsonKind::kString;
    if (member.key == "default") return member.kind == JsonKind::kNull;
    const JsonNode* description = document_.find(schema, "description");
    const bool described =
        description != nullptr && description->kind == JsonKind::kString && !description->text.empty();
    if (member.key == "examples") return member.kind == JsonKind::kArray && described;
    if (member.key != "title" || member.kind != JsonKind::kString) return false;
    return described || &schema == root_schema_ || same_name(member.text, schema.key);
  }

  bool shorten(const JsonNode& description) {
    if (level_ != SchemaLevel::kDescriptions || description.kind != JsonKind::kString || !description.decoded)
      return false;
    if (description.text.size() <= kLongDescription) return false;
    const std::string_view kept = first_sentences(description.text);
    std::string literal = base::encode_json_string(kept);
    if (literal.size() >= description.raw.size()) return false;
    out_ += literal;
    return true;
  }

  const JsonDocument& document_;
  SchemaLevel level_;
  const JsonNode* root_schema_ = nullptr;
  std::string out_;
};

}  // namespace

std::vector<base::Edit> tool_schema_edits(std::string_view body, const wire::Conversation& conversation,
                                          SchemaLevel level) {
  std::vector<base::Edit> edits;
  for (const wire::Tool& tool : conversation.tools) {
    if (tool.element.begin > tool.element.end || tool.element.end > body.size()) continue;
    const std::string_view bytes = body.substr(tool.element.begin, tool.element.size());
    const auto document = JsonDocument::parse(bytes);
    if (!document || document->root().kind != JsonKind::kObject) continue;
    Writer writer(*document, level);
    writer.write(document->root(), Place::kTool);
    std::string shorter = std::move(writer).take();
    if (shorter.size() < bytes.size()) edits.push_back({tool.element, std::move(shorter)});
  }
  return edits;
}

}  // namespace headroom::fit
