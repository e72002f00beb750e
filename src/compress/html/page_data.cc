#include "compress/html/page_data.h"

#include <string_view>

#include "base/text.h"
#include "compress/html/entities.h"

namespace headroom::compress::html {
namespace {

constexpr std::size_t kLeastData = 200;
constexpr std::uint32_t kMuchText = 600;
constexpr std::uint32_t kHardlyAnyText = 200;
constexpr std::size_t kMuchCode = 4000;

/// The attribute of the element that holds JSON; empty when none does.
std::string_view data_attribute(const Document& document, const Node& node) {
  if (node.to - node.from < kLeastData) return {};
  for (const Attribute& attribute : document.attributes(node)) {
    const std::string_view value = base::trim(attribute.value);
    if (value.size() < kLeastData || !attribute.name.starts_with("data-")) continue;
    if (value.starts_with('{') || value.starts_with('[')) return value;
  }
  return {};
}

}  // namespace

std::string data_of(const Document& document, std::uint32_t index) {
  const Node& node = document.nodes()[index];
  if (node.tag == Tag::kText) return {};
  if (node.tag == Tag::kScript) {
    if (!base::contains_ci(document.attribute(node, "type"), "json") || node.end == index + 1) return {};
    return std::string(base::trim(document.nodes()[index + 1].text));
  }
  return decoded(data_attribute(document, node));
}

bool add_data(const Document& document, Content& content) {
  if (content.kept_text >= kMuchText) return true;
  const std::vector<Node>& nodes = document.nodes();
  std::size_t code = 0;
  for (std::uint32_t i = 1; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (node.tag == Tag::kText) continue;
    const std::string data = data_of(document, i);
    if (data.empty()) {
      if (node.tag == Tag::kScript) code += node.to - node.from;
      continue;
    }
    const bool linked = base::contains_ci(document.attribute(node, "type"), "ld+json");
    if (data.size() < (linked ? 1 : kLeastData) || (linked && content.kept_text >= kHardlyAnyText)) continue;
    if (data.size() > content.kept_text / 2) content.data.push_back(i);
  }
  return content.kept_text >= kHardlyAnyText || !content.data.empty() ||
         code < kMuchCode + 20 * std::size_t{content.kept_text};
}

}  // namespace headroom::compress::html
