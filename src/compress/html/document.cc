#include "compress/html/document.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "base/text.h"
#include "compress/html/entities.h"

namespace headroom::compress::html {
namespace {

constexpr std::uint32_t kMostAttributes = 64;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}
bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool one_of(Tag tag, std::initializer_list<Tag> tags) {
  return std::ranges::find(tags, tag) != tags.end();
}

/// Elements that an end tag or an implied end from inside does not reach past.
bool is_border(Tag tag) {
  return one_of(tag, {Tag::kTable, Tag::kTd, Tag::kTh, Tag::kCaption, Tag::kTemplate, Tag::kObject, Tag::kRoot});
}

}  // namespace

/// Reads tags and text one after the other and keeps the stack of open elements.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view page, Document& document)
      : page_(page), nodes_(document.nodes_), attributes_(document.attributes_) {
    const std::string_view head = page.substr(0, 1024);
    xhtml_ = base::contains_ci(head, "dtd xhtml") || base::contains_ci(head, "<?xml");
  }

  void run() {
    nodes_.reserve(page_.size() / 24 + 16);
    nodes_.push_back({.tag = Tag::kRoot, .to = page_.size()});
    open_.push_back(0);
    while (at_ < page_.size()) {
      const std::size_t tag = std::min(page_.find('<', at_), page_.size());
      if (tag > at_) add_text(at_, tag, false);
      at_ = tag;
      if (at_ < page_.size()) read_markup();
    }
    while (open_.size() > 1) pop(page_.size());
    nodes_[0].end = static_cast<std::uint32_t>(nodes_.size());
  }

 private:
  char peek(std::size_t ahead) const { return at_ + ahead < page_.size() ? page_[at_ + ahead] : '\0'; }
  std::size_t after(std::string_view what, std::size_t from) const {
    const std::size_t found = page_.find(what, from);
    return found == std::string_view::npos ? page_.size() : found + what.size();
  }

  void read_markup() {
    const char next = peek(1);
    if (is_letter(next)) {
      start_tag();
    } else if (next == '/' && is_letter(peek(2))) {
      end_tag();
    } else if (page_.substr(at_).starts_with("<!--")) {
      at_ = after("-->", at_ + 4);
    } else if (page_.substr(at_).starts_with("<![CDATA[")) {
      const std::size_t end = after("]]>", at_);
      add_text(at_ + 9, end == page_.size() ? end : end - 3, true);
      at_ = end;
    } else if (next == '!' || next == '?' || next == '/') {
      at_ = after(">", at_);
    } else {
      add_text(at_, at_ + 1, false);
      ++at_;
    }
  }

  void add_text(std::size_t from, std::size_t to, bool raw) {
    if (to <= from) return;
    Node node{.raw = raw, .parent = open_.back(), .from = from, .to = to, .text = page_.substr(from, to - from)};
    node.end = static_cast<std::uint32_t>(nodes_.size()) + 1;
    nodes_.push_back(node);
  }

  std::string_view read_name() {
    const std::size_t from = at_;
    while (at_ < page_.size() && !is_space(page_[at_]) && page_[at_] != '>' && page_[at_] != '/') ++at_;
    return page_.substr(from, at_ - from);
  }

  /// After the name: attributes up to the '>'. True when the tag closes itself.
  bool read_attributes(Node& node) {
    node.attributes = static_cast<std::uint32_t>(attributes_.size());
    bool closed = false;
    while (at_ < page_.size()) {
      const char c = page_[at_];
      if (c == '>') {
        ++at_;
        break;
      }
      if (is_space(c) || c == '/') {
        closed = c == '/' || (closed && is_space(c));
        ++at_;
        continue;
      }
      closed = false;
      read_attribute(node);
    }
    return closed;
  }

  void read_attribute(Node& node) {
    const std::size_t from = at_++;
    while (at_ < page_.size() && !is_space(page_[at_]) && page_[at_] != '=' && page_[at_] != '>' && page_[at_] != '/')
      ++at_;
    Attribute attribute{.name = page_.substr(from, at_ - from)};
    std::size_t value = at_;
    while (value < page_.size() && is_space(page_[value])) ++value;
    if (value < page_.size() && page_[value] == '=') {
      at_ = value + 1;
      while (at_ < page_.size() && is_space(page_[at_])) ++at_;
      attribute.value = read_value();
    }
    if (node.attribute_count >= kMostAttributes) return;
    attributes_.push_back(attribute);
    ++node.attribute_count;
  }

  std::string_view read_value() {
    if (at_ >= page_.size()) return {};
    const char quote = page_[at_];
    if (quote == '"' || quote == '\'') {
      const std::size_t from = ++at_;
      const std::size_t end = std::min(page_.find(quote, from), page_.size());
      at_ = std::min(end + 1, page_.size());
      return page_.substr(from, end - from);
    }
    const std::size_t from = at_;
    while (at_ < page_.size() && !is_space(page_[at_]) && page_[at_] != '>') ++at_;
    return page_.substr(from, at_ - from);
  }

  void start_tag() {
    const std::size_t from = at_++;
    const std::string_view name = read_name();
    Node node{.tag = tag_of(name), .from = from, .text = name};
    const bool closes_itself = read_attributes(node);
    imply_ends(node.tag, from);
    node.parent = open_.back();
    node.to = at_;
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    node.end = index + 1;
    nodes_.push_back(node);
    if (is_void(node.tag)) return;
    if (closes_itself && (xhtml_ || node.tag == Tag::kOther || node.tag == Tag::kA || node.tag == Tag::kSvg)) return;
    if (is_raw_text(node.tag) && !(node.tag == Tag::kTitle && is_open(Tag::kSvg))) {
      read_raw_text(index, name);
    } else if (open_.size() >= Document::kDeepest) {
      ++flattened_[static_cast<std::size_t>(node.tag)];
    } else {
      open_.push_back(index);
      ++open_count_[static_cast<std::size_t>(node.tag)];
    }
  }

  /// The content of a script, a style, a title: up to its own end tag.
  void read_raw_text(std::uint32_t index, std::string_view name) {
    std::size_t end = at_;
    for (;; end += 2) {
      end = page_.find("</", end);
      if (end == std::string_view::npos) {
        end = page_.size();
        break;
      }
      const std::string_view rest = page_.substr(end + 2, name.size());
      if (rest.size() == name.size() &&
          std::ranges::equal(rest, name, [](char a, char b) { return (a | 0x20) == (b | 0x20); }))
        break;
    }
    open_.push_back(index);
    const Tag tag = nodes_[index].tag;
    add_text(at_, end, tag != Tag::kTitle && tag != Tag::kTextarea);
    open_.pop_back();
    at_ = end == page_.size() ? end : after(">", end);
    nodes_[index].end = static_cast<std::uint32_t>(nodes_.size());
    nodes_[index].to = at_;
  }

  void pop(std::size_t to) {
    Node& node = nodes_[open_.back()];
    node.end = static_cast<std::uint32_t>(nodes_.size());
    node.to = to;
    --open_count_[static_cast<std::size_t>(node.tag)];
    open_.pop_back();
  }

  bool is_open(Tag tag) const { return open_count_[static_cast<std::size_t>(tag)] > 0; }

  /// Closes the innermost open element of these tags, with all that is open in it, unless a border is met before.
  bool close(std::initializer_list<Tag> tags, std::initializer_list<Tag> borders, std::size_t to) {
    for (std::size_t i = open_.size() - 1; i > 0; --i) {
      const Tag tag = nodes_[open_[i]].tag;
      if (one_of(tag, tags)) {
        while (open_.size() > i) pop(to);
        return true;
      }
      if (one_of(tag, borders)) return false;
    }
    return false;
  }

  /// What a start tag closes without saying so.
  void imply_ends(Tag tag, std::size_t at) {
    switch (tag) {
      case Tag::kLi:
        if (is_open(Tag::kLi)) close({Tag::kLi}, {Tag::kUl, Tag::kOl, Tag::kMenu, Tag::kTd, Tag::kTh, Tag::kTable}, at);
        break;
      case Tag::kDt:
      case Tag::kDd:
        if (is_open(Tag::kDt) || is_open(Tag::kDd))
          close({Tag::kDt, Tag::kDd}, {Tag::kDl, Tag::kTd, Tag::kTh, Tag::kTable}, at);
        break;
      case Tag::kOption:
      case Tag::kOptgroup:
        if (is_open(Tag::kOption)) close({Tag::kOption}, {Tag::kSelect, Tag::kDatalist}, at);
        break;
      case Tag::kTd:
      case Tag::kTh:
        close({Tag::kTd, Tag::kTh}, {Tag::kTr, Tag::kTable}, at);
        break;
      case Tag::kTr:
        close({Tag::kTr}, {Tag::kTable, Tag::kTbody, Tag::kThead, Tag::kTfoot}, at);
        break;
      case Tag::kTbody:
      case Tag::kThead:
      case Tag::kTfoot:
        close({Tag::kTbody, Tag::kThead, Tag::kTfoot, Tag::kCaption, Tag::kColgroup}, {Tag::kTable}, at);
        break;
      case Tag::kBody:
        if (is_open(Tag::kHead)) close({Tag::kHead}, {}, at);
        break;
      case Tag::kA:
        if (is_open(Tag::kA)) close({Tag::kA}, {Tag::kTd, Tag::kTh, Tag::kTable, Tag::kLi, Tag::kP, Tag::kDiv}, at);
        break;
      default:
        break;
    }
    if (is_open(Tag::kHead) && is_block(tag) && !one_of(tag, {Tag::kTitle, Tag::kNoscript, Tag::kBody, Tag::kHead}))
      close({Tag::kHead}, {}, at);
    if (!is_block(tag)) return;
    if (heading_level(tag) > 0 && heading_level(nodes_[open_.back()].tag) > 0) pop(at);
    if (is_open(Tag::kP)) close({Tag::kP}, {Tag::kTable, Tag::kTd, Tag::kTh, Tag::kCaption, Tag::kButton}, at);
  }

  void end_tag() {
    at_ += 2;
    const std::string_view name = read_name();
    at_ = after(">", at_);
    const Tag tag = tag_of(name);
    std::uint32_t& flattened = flattened_[static_cast<std::size_t>(tag)];
    if (flattened > 0) {
      --flattened;
      return;
    }
    // The body goes on until the page ends: content after a stray "</body>" belongs to it all the same.
    if (!is_open(tag) || tag == Tag::kBody || tag == Tag::kHtml) return;
    const bool heading = heading_level(tag) > 0;
    const bool inline_tag = !is_block(tag);
    const bool table_part =
        one_of(tag, {Tag::kTable, Tag::kTr, Tag::kTd, Tag::kTh, Tag::kTbody, Tag::kThead, Tag::kTfoot, Tag::kCaption});
    for (std::size_t i = open_.size() - 1; i > 0; --i) {
      const Node& open = nodes_[open_[i]];
      const bool same = open.tag == tag && (tag != Tag::kOther || open.text == name);
      if (same || (heading && heading_level(open.tag) > 0)) {
        while (open_.size() > i) pop(at_);
        return;
      }
      if (is_border(open.tag) && !(table_part && open.tag != Tag::kTable)) return;
      if (inline_tag && is_block(open.tag) && tag != Tag::kOther) return;
    }
  }

  std::string_view page_;
  std::vector<Node>& nodes_;
  std::vector<Attribute>& attributes_;
  std::size_t at_ = 0;
  bool xhtml_ = false;
  std::vector<std::uint32_t> open_;
  std::array<std::uint32_t, 256> open_count_{};
  std::array<std::uint32_t, 256> flattened_{};
};

void Document::build(std::string_view page) {
  page_ = page;
  TreeBuilder(page, *this).run();
}

const Attribute* Document::find(const Node& node, std::string_view name) const {
  for (std::uint32_t i = 0; i < node.attribute_count; ++i) {
    const Attribute& attribute = attributes_[node.attributes + i];
    if (base::equals_ci(attribute.name, name)) return &attribute;
  }
  return nullptr;
}

std::string_view Document::attribute(const Node& node, std::string_view name) const {
  const Attribute* found = find(node, name);
  return found == nullptr ? std::string_view{} : found->value;
}

bool Document::has_attribute(const Node& node, std::string_view name) const {
  return find(node, name) != nullptr;
}

std::string Document::text_of(std::uint32_t node) const {
  std::string text;
  for (std::uint32_t i = node; i < nodes_[node].end;) {
    const Node& at = nodes_[i];
    if (at.tag == Tag::kScript || at.tag == Tag::kStyle) {
      i = at.end;
      continue;
    }
    if (at.tag == Tag::kText) text += at.raw ? std::string(at.text) : decoded(at.text);
    if (is_block(at.tag) || at.tag == Tag::kBr) text += ' ';
    ++i;
  }
  return text;
}

}  // namespace headroom::compress::html
