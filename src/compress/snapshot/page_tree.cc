#include "compress/snapshot/page_tree.h"

#include <algorithm>

namespace headroom::compress::snapshot {
namespace {

constexpr std::size_t kFewestNodes = 20;
constexpr std::size_t kLongestRole = 24;  // bytes

bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// The line's node, without an end; `refers`: it can be named by a reference of its own.
Node read_node(std::string_view line, bool& refers) {
  Node node;
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  node.indent = static_cast<std::uint32_t>(begin);
  std::string_view rest = line.substr(begin);
  if (rest.starts_with("- ")) rest.remove_prefix(2);
  const bool uid = rest.starts_with("uid=");
  if (uid) rest.remove_prefix(std::min(rest.find(' '), rest.size() - 1) + 1);
  std::size_t end = 0;
  while (end < rest.size() && letter(rest[end])) ++end;
  if (end == 0 || end > kLongestRole) return node;
  const std::string_view behind = rest.substr(end);
  if (!behind.empty() && behind[0] != ' ' && behind[0] != ':') return node;
  refers = uid || behind.find("[ref=") != std::string_view::npos;
  node.role = rest.substr(0, end);
  if (!behind.starts_with(" \"")) return node;
  const std::size_t close = behind.find('"', 2);
  if (close != std::string_view::npos) node.name = behind.substr(2, close - 2);
  return node;
}

}  // namespace

std::vector<Node> read_page(std::span<const std::string_view> lines) {
  std::vector<Node> nodes;
  std::size_t filled = 0, read = 0, referred = 0;
  for (const std::string_view line : lines) {
    bool refers = false;
    nodes.push_back(read_node(line, refers));
    filled += line.size() > nodes.back().indent;
    read += !nodes.back().role.empty();
    referred += refers;
  }
  if (referred < kFewestNodes || read * 2 < filled || referred * 10 < read * 4) return {};
  std::vector<std::uint32_t> open;
  const auto close_to = [&](std::uint32_t indent, std::uint32_t at) {
    while (!open.empty() && nodes[open.back()].indent >= indent) {
      nodes[open.back()].end = at;
      open.pop_back();
    }
  };
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    nodes[i].end = i + 1;
    if (lines[i].size() == nodes[i].indent) continue;  // blank
    close_to(nodes[i].indent, i);
    open.push_back(i);
  }
  close_to(0, static_cast<std::uint32_t>(nodes.size()));
  return nodes;
}

}  // namespace headroom::compress::snapshot
