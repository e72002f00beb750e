#include "align/tool_list.h"

#include <algorithm>

#include "align/skeleton.h"
#include "base/hash.h"
#include "base/json_document.h"

namespace headroom::align {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// Writes tools in one form for all orders of keys.
class Canonical {
 public:
  Canonical(const JsonDocument& document, ToolShape& shape) : document_(document), shape_(shape) {}

  void add(const JsonNode& node, bool is_tool = false) {
    switch (node.kind) {
      case JsonKind::kObject:
        add_members(node, is_tool);
        break;
      case JsonKind::kArray:
        text_ += '[';
        for (const JsonNode& child : document_.children(node)) add(child);
        text_ += ']';
        break;
      case JsonKind::kString:
        if (node.key == "description" && node.decoded) {
          add_description(node);
        } else {
          put(node.decoded ? 's' : 'r', node.text);
        }
        break;
      default:
        put('v', node.raw);
    }
  }

  std::string take() && { return std::move(text_); }

 private:
  void put(char kind, std::string_view bytes) {
    text_ += kind;
    text_ += std::to_string(bytes.size());
    text_ += ':';
    text_ += bytes;
  }

  void add_members(const JsonNode& node, bool is_tool) {
    std::vector<const JsonNode*> members;
    members.reserve(node.size);
    for (const JsonNode& child : document_.children(node)) {
      if (is_tool && child.key == "cache_control") {
        shape_.mark = child.raw;
      } else {
        members.push_back(&child);
      }
    }
    std::ranges::stable_sort(members, {}, [](const JsonNode* member) { return member->key; });
    text_ += '{';
    for (const JsonNode* member : members) {
      put('k', member->key);
      add(*member);
    }
    text_ += '}';
  }

  void add_description(const JsonNode& node) {
    Skeleton skeleton = skeleton_of(node.text);
    put('d', skeleton.text);
    for (Volatile& value : skeleton.values) {
      shape_.values.push_back({value.kind, std::string(node.text.substr(value.begin, value.end - value.begin)),
                               std::move(value.label), std::move(value.id_name), value.silent, document_.span(node)});
    }
  }

  const JsonDocument& document_;
  ToolShape& shape_;
  std::string text_;
};

std::string_view name_of(const JsonDocument& document, const JsonNode& tool) {
  const JsonNode* name = document.find_last(tool, "name");
  if (name == nullptr) {
    const JsonNode* function = document.find_last(tool, "function");
    if (function != nullptr) name = document.find_last(*function, "name");
  }
  return name != nullptr && name->kind == JsonKind::kString ? name->text : std::string_view{};
}

}  // namespace

std::vector<ToolShape> tool_shapes(std::string_view elements) {
  std::vector<ToolShape> shapes;
  const std::string list = '[' + std::string(elements) + ']';
  const auto document = JsonDocument::parse(list);
  if (!document || document->root().kind != JsonKind::kArray) return shapes;
  for (const JsonNode& tool : document->children(document->root())) {
    ToolShape& shape = shapes.emplace_back();
    Canonical canonical(*document, shape);
    canonical.add(tool, true);
    shape.name = name_of(*document, tool);
    shape.digest = base::content_id(std::move(canonical).take());
    for (ToolValue& value : shape.values) {
      --value.literal.begin;  // the bracket before the elements
      --value.literal.end;
    }
  }
  return shapes;
}

}  // namespace headroom::align
