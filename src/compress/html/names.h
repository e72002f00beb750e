#pragma once

#include <cstddef>
#include <string_view>

#include "compress/html/document.h"

namespace headroom::compress::html {

constexpr std::size_t kLongestName = 64;  // bytes; what is longer names nothing

/// Calls `visit` with each part of "relatedPosts" that begins with a capital.
template <typename Visit>
void each_hump(std::string_view word, Visit visit) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::size_t from = 0;
  if (word.size() > kLongestName) return;
  for (std::size_t i = 1; i <= word.size(); ++i) {
    if (i < word.size() && !(upper(word[i]) && !upper(word[i - 1]))) continue;
    if (i - from < word.size()) visit(word.substr(from, i - from));
    from = i;
  }
}

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

/// The same, and with the parts of a word like "relatedPosts", too.
template <typename Visit>
void each_name_part(const Document& document, const Node& node, Visit visit) {
  each_name_word(document, node, [&](std::string_view word) {
    visit(word);
    each_hump(word, visit);
  });
}

/// Calls `visit` with each word of one name and the parts of a word like "relatedPosts".
template <typename Visit>
void each_part(std::string_view name, Visit visit) {
  for (std::size_t from = 0, i = 0; i <= name.size(); ++i) {
    if (i < name.size() && ((name[i] | 0x20) >= 'a' && (name[i] | 0x20) <= 'z')) continue;
    if (i > from) {
      visit(name.substr(from, i - from));
      each_hump(name.substr(from, i - from), visit);
    }
    from = i + 1;
  }
}

/// Calls `visit` with each name of the element's class and id as it is written: "post-tags".
template <typename Visit>
void each_name(const Document& document, const Node& node, Visit visit) {
  for (std::string_view name : {std::string_view("class"), std::string_view("id")}) {
    const std::string_view names = document.attribute(node, name);
    for (std::size_t from = 0, i = 0; i <= names.size(); ++i) {
      if (i < names.size() && names[i] > ' ') continue;
      if (i > from && i - from <= kLongestName) visit(names.substr(from, i - from));
      from = i + 1;
    }
  }
}

}  // namespace headroom::compress::html
