#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "compress/html/tags.h"

namespace headroom::compress::html {

struct Attribute {
  std::string_view name;     ///< as written
  std::string_view value{};  ///< without quotes, character references not replaced
};

/// An element or a piece of text. Views point into the page.
struct Node {
  Tag tag = Tag::kText;
  bool raw = false;          ///< text without character references: what a script holds
  std::uint32_t parent = 0;  ///< the root is its own
  std::uint32_t end = 0;     ///< one past the last node of the subtree
  std::uint32_t attributes = 0, attribute_count = 0;
  std::size_t from = 0, to = 0;  ///< bytes of the page, tags included
  std::string_view text{};       ///< of kText; of kOther: the name
};

/// A page as a tree, read the way browsers do it as far as text is concerned: end tags may be missing or stray,
/// attributes unquoted, tables and lists unclosed. Linear in the size of the page whatever it holds; nesting below
/// kDeepest is flattened. The nodes stand in document order, so the subtree of node i is [i, nodes()[i].end).
class Document {
 public:
  static constexpr std::size_t kDeepest = 256;

  explicit Document(std::string_view page) { build(page); }

  const std::vector<Node>& nodes() const { return nodes_; }
  std::string_view page() const { return page_; }
  std::span<const Attribute> attributes(const Node& node) const {
    return std::span(attributes_).subspan(node.attributes, node.attribute_count);
  }
  /// The attribute's value; empty when it has none. `name` in lower case.
  std::string_view attribute(const Node& node, std::string_view name) const;
  bool has_attribute(const Node& node, std::string_view name) const;
  /// All text below the node, character references replaced, white space as it is; scripts and styles left out.
  std::string text_of(std::uint32_t node) const;

 private:
  friend class TreeBuilder;
  void build(std::string_view page);
  const Attribute* find(const Node& node, std::string_view name) const;

  std::string_view page_;
  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
};

}  // namespace headroom::compress::html
