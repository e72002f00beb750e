#pragma once

#include <cstddef>
#include <string_view>

#include "compress/html/document.h"

namespace headroom::compress::html {

/// Calls `visit` with each word of the element's class and id. Names of what a post is about ("tag-print",
/// "category-newsletter") say nothing of the element.
template <typename Visit>
void each_name_word(const Document& document, const Node& node, Visit visit) {
  for (std::string_view name : {std::string_view("class"), std::string_view("id")}) {
    const std::string_view names = document.attribute(node, name);
    std::size_t from = 0;
    bool topic = false;
    for (std::size_t i = 0; i <= names.size(); ++i) {
      if (i == 0 || names[i - 1] <= ' ') {
        const std::string_view rest = names.substr(i);
        topic = rest.starts_with("tag-") || rest.starts_with("category-");
      }
      if (i < names.size() && ((names[i] | 0x20) >= 'a' && (names[i] | 0x20) <= 'z')) continue;
      if (i > from && !topic) visit(names.substr(from, i - from));
      from = i + 1;
    }
  }
}

}  // namespace headroom::compress::html
