#include "base/json_canonical.h"

#include <algorithm>
#include <vector>

#include "base/json_string.h"

namespace headroom::base {

void append_canonical_json(const JsonDocument& document, const JsonNode& node, std::string& out) {
  if (node.kind == JsonKind::kString && node.decoded) return append_json_string(out, node.text);
  if (node.kind != JsonKind::kObject && node.kind != JsonKind::kArray) {
    out += node.raw;
    return;
  }
  const bool object = node.kind == JsonKind::kObject;
  std::vector<const JsonNode*> children;
  for (const JsonNode& child : document.children(node)) children.push_back(&child);
  if (object) std::ranges::stable_sort(children, {}, [](const JsonNode* child) { return child->key; });
  out += object ? '{' : '[';
  for (const JsonNode* child : children) {
    if (child != children.front()) out += ',';
    if (object) {
      append_json_string(out, child->key);
      out += ':';
    }
    append_canonical_json(document, *child, out);
  }
  out += object ? '}' : ']';
}

}  // namespace headroom::base
