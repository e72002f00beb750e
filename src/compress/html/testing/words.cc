#include "compress/html/testing/words.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "base/text.h"
#include "compress/html/answer_head.h"
#include "compress/html/document.h"
#include "compress/html/entities.h"
#include "compress/marker.h"

namespace headroom::compress::html::testing {
namespace {

bool in_word(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

void add_letters(std::string_view text, std::string& out) {
  std::ranges::copy_if(text, std::back_inserter(out), in_word);
}

bool may_show_source(Tag tag) {
  return tag == Tag::kMeta || tag == Tag::kScript || tag == Tag::kStyle || tag == Tag::kIframe || tag == Tag::kInput;
}

/// The letters and digits of all that may be shown of a page. Without what is between words, because markup may split
/// one
/// ("<b>R</b>ead").
std::string letters_of(std::string_view text) {
  const std::size_t head = head_length(text);
  const std::string_view page = text.substr(head);
  const Document document(page);
  std::string all;
  add_letters(text.substr(0, head), all);
  for (const Node& node : document.nodes()) {
    if (node.tag == Tag::kText) {
      add_letters(node.raw ? std::string(node.text) : decoded(node.text), all);
      continue;
    }
    if (may_show_source(node.tag)) add_letters(page.substr(node.from, node.to - node.from), all);
    for (const Attribute& attribute : document.attributes(node)) {
      if (base::equals_ci(attribute.name, "alt") || attribute.name.starts_with("data-"))
        add_letters(decoded(attribute.value), all);
    }
  }
  return all;
}

/// Without "> ", and a number that counts the items of a list; nothing of a line that fences code.
std::string_view without_marks(std::string_view line) {
  const std::string_view trimmed = base::trim(line);
  if (trimmed.starts_with("```")) return {};
  std::size_t at = line.find_first_not_of(" >");
  if (at == std::string_view::npos) return {};
  const std::size_t from = at;
  while (at < line.size() && line[at] >= '0' && line[at] <= '9') ++at;
  return at > from && line.substr(at).starts_with(". ") ? line.substr(at) : line;
}

/// Where the word ends that is found from `cursor` on; its letters may have something between them that was left out.
std::size_t end_of(std::string_view word, const std::string& all, std::size_t cursor) {
  for (char letter : word) {
    cursor = all.find(letter, cursor);
    if (cursor == std::string::npos) break;
    ++cursor;
  }
  return cursor;
}

/// The first word of the line that is not found from `cursor` on, which moves behind each that is.
std::string_view foreign_word(std::string_view line, const std::string& all, std::size_t& cursor) {
  for (std::size_t at = 0; at < line.size();) {
    if (line.substr(at).starts_with("](")) at = std::min(line.find(')', at), line.size());
    std::size_t end = at;
    while (end < line.size() && in_word(line[end])) ++end;
    if (end > at) {
      cursor = end_of(line.substr(at, end - at), all, cursor);
      if (cursor == std::string::npos) return line.substr(at, end - at);
    }
    at = std::max(end, at + 1);
  }
  return {};
}

}  // namespace

std::string first_foreign_word(std::string_view page, std::string_view output) {
  const std::string all = letters_of(page);
  std::size_t cursor = 0;
  for (std::string_view line : base::split_lines(output.substr(0, output.rfind("<<ccr:")))) {
    if (has_gap_line(line)) continue;
    const std::string_view word = foreign_word(without_marks(line), all, cursor);
    if (!word.empty()) return std::string(word) + " in: " + std::string(line);
  }
  return {};
}

}  // namespace headroom::compress::html::testing
