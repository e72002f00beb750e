#include "compress/html/measures.h"

#include <algorithm>

namespace headroom::compress::html {
namespace {

constexpr std::uint32_t kLongText = 80;

std::uint32_t shown_bytes(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) > ' '; }));
}

bool is_text_holder(Tag tag) {
  switch (tag) {
    case Tag::kP:
    case Tag::kLi:
    case Tag::kDd:
    case Tag::kTd:
    case Tag::kPre:
    case Tag::kBlockquote:
    case Tag::kDiv:
    case Tag::kArticle:
    case Tag::kSection:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<Measure> measure(const Document& document) {
  const std::vector<Node>& nodes = document.nodes();
  std::vector<Measure> all(nodes.size());
  std::vector<std::uint32_t> own(nodes.size());   // text that no text holder below has taken yet
  for (std::size_t i = nodes.size(); i-- > 0;) {  // children before their parents
    const Node& node = nodes[i];
    Measure& here = all[i];
    switch (node.tag) {
      case Tag::kText:
        here.text = own[i] = shown_bytes(node.text);
        break;
      case Tag::kScript:
      case Tag::kStyle:
      case Tag::kTemplate:
      case Tag::kTitle:
      case Tag::kIframe:
      case Tag::kNoframes:
      case Tag::kSvg:
      case Tag::kTextarea:
        here = {};
        own[i] = 0;
        break;
      case Tag::kA:
        if (document.has_attribute(node, "href")) {
          here.link_text = here.text;
          own[i] = 0;
          here.links = 1;
          here.page_links = document.attribute(node, "href").starts_with('#') ? 1 : 0;
        }
        break;
      case Tag::kImg:
        here.images = 1;
        break;
      case Tag::kInput:
      case Tag::kButton:
      case Tag::kSelect:
        if (node.tag != Tag::kInput) here = {}, own[i] = 0;
        here.controls = 1;
        break;
      default:
        if (heading_level(node.tag) > 0) ++here.headings;
        if (node.tag == Tag::kH1) ++here.titles;
        if (node.tag == Tag::kTd) ++here.cells;
        if (node.tag == Tag::kPre) ++here.code;
        if (is_text_holder(node.tag)) {
          if (own[i] >= kLongText) here.long_text += own[i];
          own[i] = 0;
        }
    }
    if (i == 0) break;
    Measure& parent = all[node.parent];
    parent.text += here.text;
    parent.link_text += here.link_text;
    parent.links += here.links;
    parent.page_links += here.page_links;
    parent.long_text += here.long_text;
    parent.headings += here.headings;
    parent.titles += here.titles;
    parent.controls += here.controls;
    parent.cells += here.cells;
    parent.code += here.code;
    parent.images += here.images;
    own[node.parent] += own[i];
  }
  return all;
}

}  // namespace headroom::compress::html
