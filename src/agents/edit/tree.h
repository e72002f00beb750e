#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agents/edit/key_path.h"
#include "base/splice.h"

namespace headroom::agents {

/// A value of a settings file and where it stands in it.
struct Node {
  enum class Kind : std::uint8_t { kScalar, kString, kObject, kArray };
  Kind kind = Kind::kScalar;
  base::Span span;                      ///< of the value
  base::Span key_span;                  ///< of the name before it; empty without one
  std::string key;                      ///< decoded
  std::string text;                     ///< strings: decoded
  std::vector<std::uint32_t> children;  ///< members or elements, in their order
  std::size_t last_comma = 0;           ///< JSON: offset behind a comma after the last child; 0 without one
  bool block = false;                   ///< YAML: written over lines of its own, not in brackets
};

/// All values of a file; the first is the root. Children stand behind their parents.
using Tree = std::vector<Node>;

constexpr std::uint32_t kNoNode = ~0U;

/// The child that a step leads to (the last of several of one name, as readers take it); kNoNode without one.
std::uint32_t find_child(const Tree& tree, std::uint32_t parent, const Step& step);

/// How far a path leads.
struct Walk {
  std::vector<std::uint32_t> nodes;  ///< the root, then a node for each step that was found
  std::size_t steps = 0;             ///< how many were
  std::uint32_t last() const { return nodes.back(); }
};
Walk walk(const Tree& tree, const KeyPath& path);

/// What a step needs of the node it starts from: an object or an array. kInvalidArgument names the step.
base::Result<void> check_step(const Tree& tree, std::uint32_t node, const KeyPath& path, std::size_t step);

/// The value that has `json` behind the steps from `first` on, for a node that ends before them.
base::Result<std::string> wrapped(const KeyPath& path, std::size_t first, std::string_view json);

}  // namespace headroom::agents
