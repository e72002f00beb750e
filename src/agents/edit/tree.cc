#include "agents/edit/tree.h"

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::agents {

std::uint32_t find_child(const Tree& tree, std::uint32_t parent, const Step& step) {
  const Node& node = tree[parent];
  if (step.kind == Step::Kind::kMember) {
    if (node.kind != Node::Kind::kObject) return kNoNode;
    for (std::size_t i = node.children.size(); i-- > 0;) {
      if (tree[node.children[i]].key == step.key) return node.children[i];
    }
    return kNoNode;
  }
  if (node.kind != Node::Kind::kArray) return kNoNode;
  if (step.kind == Step::Kind::kIndex) return step.index < node.children.size() ? node.children[step.index] : kNoNode;
  for (const std::uint32_t child : node.children) {
    const std::uint32_t member = find_child(tree, child, {Step::Kind::kMember, step.key, {}, 0});
    if (member != kNoNode && tree[member].kind == Node::Kind::kString && tree[member].text == step.value) return child;
  }
  return kNoNode;
}

Walk walk(const Tree& tree, const KeyPath& path) {
  Walk walked{{0}, 0};
  for (const Step& step : path) {
    const std::uint32_t next = find_child(tree, walked.last(), step);
    if (next == kNoNode) break;
    walked.nodes.push_back(next);
    ++walked.steps;
  }
  return walked;
}

base::Result<void> check_step(const Tree& tree, std::uint32_t node, const KeyPath& path, std::size_t step) {
  const bool member = path[step].kind == Step::Kind::kMember;
  if (tree[node].kind == (member ? Node::Kind::kObject : Node::Kind::kArray)) {
    if (path[step].kind != Step::Kind::kIndex || path[step].index == tree[node].children.size()) return {};
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("'{}' has no element {}", key_path_text(path), path[step].index));
  }
  const KeyPath way(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(step));
  return base::fail(base::ErrorCode::kInvalidArgument,
                    fmt::format("{} is no {}", way.empty() ? "the file's content" : "'" + key_path_text(way) + "'",
                                member ? "object" : "list"));
}

base::Result<std::string> wrapped(const KeyPath& path, std::size_t first, std::string_view json) {
  std::string value(json);
  for (std::size_t i = path.size(); i-- > first;) {
    const Step& step = path[i];
    if (step.kind == Step::Kind::kMember) {
      value = fmt::format("{{{}:{}}}", base::encode_json_string(step.key), value);
      continue;
    }
    if (step.kind == Step::Kind::kWhere) {
      // The element is found again by its name, so it must have it.
      const auto element = base::JsonDocument::parse(value);
      if (!element || element->root().kind != base::JsonKind::kObject) {
        return base::fail(base::ErrorCode::kInvalidArgument,
                          fmt::format("'{}' must be an object", key_path_text(path)));
      }
      if (element->find(element->root(), step.key) == nullptr) {
        const std::string name =
            fmt::format("{{{}:{}", base::encode_json_string(step.key), base::encode_json_string(step.value));
        value = name + (element->root().size > 0 ? "," : "") + std::string(element->root().raw.substr(1));
      }
    }
    value = fmt::format("[{}]", value);
  }
  return value;
}

}  // namespace headroom::agents
