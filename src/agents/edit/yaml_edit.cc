#include <algorithm>

#include <fmt/format.h>

#include "agents/edit/jsonc.h"
#include "agents/edit/render.h"
#include "agents/edit/yaml.h"
#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

std::string_view newline_of(std::string_view text) {
  return text.contains("\r\n") ? "\r\n" : "\n";
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return begin == 0 && text.starts_with("\xEF\xBB\xBF") ? 3 : begin;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

std::size_t column(std::string_view text, std::size_t at) {
  return at - line_begin(text, at);
}

/// A value that this reader knows only as a whole.
bool is_opaque(std::string_view text, const Node& node) {
  if (node.kind != Node::Kind::kScalar || node.span.size() == 0) return false;
  const std::string_view literal = text.substr(node.span.begin, node.span.size());
  return literal.contains('\n') || std::string_view("[{&*!|>%@`").contains(literal[0]);
}

base::Result<std::string> json_of(const Tree& tree, std::string_view text, std::uint32_t index) {
  const Node& node = tree[index];
  if (is_opaque(text, node)) {
    const auto line = 1 + std::ranges::count(text.substr(0, node.span.begin), '\n');
    return base::fail(ErrorCode::kParse, fmt::format("line {}: a value in a form that cannot be read here", line));
  }
  if (node.kind == Node::Kind::kString) return base::encode_json_string(node.text);
  if (node.kind == Node::Kind::kScalar) {
    std::string word(text.substr(node.span.begin, node.span.size()));
    if (word.empty() || word == "~") return "null";
    std::ranges::transform(word, word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return word;
  }
  const bool object = node.kind == Node::Kind::kObject;
  std::string out = object ? "{" : "[";
  for (const std::uint32_t child : node.children) {
    if (out.size() > 1) out += ',';
    if (object) out += base::encode_json_string(tree[child].key) + ":";
    auto inner = json_of(tree, text, child);
    if (!inner) return inner;
    out += *inner;
  }
  return out + (object ? '}' : ']');
}

/// A member or element as lines, without the last newline.
base::Result<std::string> as_lines(const Step& step, std::string_view json, std::size_t indent,
                                   std::string_view newline) {
  const std::string blanks(indent, ' ');
  if (step.kind == Step::Kind::kMember) {
    const auto value = yaml_value(json, blanks + "  ", newline);
    if (!value) return value;
    return fmt::format("{}{}:{}", blanks, yaml_text(step.key), *value);
  }
  const auto value = yaml_value(fmt::format("[{}]", json), blanks, newline);
  if (!value) return value;
  return value->substr(newline.size());
}

/// Behind the line where a block's last value ends.
base::Result<std::string> add_to_block(std::string_view text, const Node& parent, const Step& step,
                                       std::string_view json) {
  const std::string_view newline = newline_of(text);
  const auto lines = as_lines(step, json, column(text, parent.span.begin), newline);
  if (!lines) return lines;
  const std::size_t end = line_end(text, parent.span.end);
  const std::size_t place = end > 0 && text[end - 1] == '\r' ? end - 1 : end;
  return base::splice(text, std::vector<base::Edit>{{{place, place}, std::string(newline) + *lines}});
}

/// `{}` or nothing behind a name becomes a block.
base::Result<std::string> fill(std::string_view text, const Node& node, std::string_view json) {
  const std::size_t indent = column(text, node.key_span.begin) + 2;
  auto value = yaml_value(json, std::string(indent, ' '), newline_of(text));
  if (!value) return value;
  base::Span span = node.span;
  while (span.begin > 0 && (text[span.begin - 1] == ' ' || text[span.begin - 1] == '\t')) --span.begin;
  // A comment behind it stays on its line.
  const std::size_t end = line_end(text, span.end);
  const std::size_t place = end > 0 && text[end - 1] == '\r' ? end - 1 : end;
  if (place < span.end) return base::splice(text, std::vector<base::Edit>{{span, *std::move(value)}});
  return base::splice(text, std::vector<base::Edit>{{span, ""}, {{place, place}, *std::move(value)}});
}

base::Result<std::string> replace(std::string_view text, const Node& node, std::string_view json) {
  const auto doc = base::JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  const bool in_list = node.key.empty() && text.substr(node.key_span.begin, 1) == "-";
  const std::size_t indent = column(text, node.key_span.begin) + 2;
  auto value = yaml_value(json, std::string(indent, ' '), newline_of(text));
  if (!value) return value;
  base::Span span = node.span;
  const bool content = doc->root().size > 0 && doc->root().kind != base::JsonKind::kString;
  if (in_list && content) {
    // Its first line stands behind the dash.
    value->erase(0, newline_of(text).size() + indent);
    return base::splice(text, std::vector<base::Edit>{{span, *std::move(value)}});
  }
  if (node.block && !in_list) {
    // From behind the colon: comments between the name and the block are part of what is replaced.
    span.begin = node.key_span.end + 1;
    return base::splice(text, std::vector<base::Edit>{{span, *std::move(value)}});
  }
  if (content) {
    while (span.begin > 0 && text[span.begin - 1] == ' ') --span.begin;
    return base::splice(text, std::vector<base::Edit>{{span, *std::move(value)}});
  }
  const bool blank_before = span.begin > 0 && text[span.begin - 1] == ' ';
  if (blank_before) value->erase(0, 1);
  return base::splice(text, std::vector<base::Edit>{{span, *std::move(value)}});
}

/// Offset of the end of a node, with all that it holds.
std::size_t end_of(const Node& node) {
  return node.span.end;
}

base::Result<std::string> remove_child(std::string_view text, const Tree& tree, const Node& parent,
                                       std::size_t position) {
  const Node& node = tree[parent.children[position]];
  std::size_t begin = line_begin(text, node.key_span.begin);
  const std::size_t end = line_end(text, end_of(node));
  if (parent.children.size() == 1) {
    const bool root = &parent == &tree[0];
    // What is empty says so; a name alone would be null.
    if (root) return base::splice(text, std::vector<base::Edit>{{{begin, std::min(end + 1, text.size())}, ""}});
    const std::string empty = parent.kind == Node::Kind::kObject ? "{}" : "[]";
    const bool below_name = !parent.key.empty() || text.substr(parent.key_span.begin, 1) != "-";
    if (!below_name) return base::splice(text, std::vector<base::Edit>{{{parent.span.begin, end}, empty}});
    const std::size_t behind = parent.key_span.end + 1;
    const std::size_t before = begin > 0 && begin - 1 >= behind ? begin - 1 : behind;
    const std::size_t cut = before > behind && text[before - 1] == '\r' ? before - 1 : before;
    return base::splice(text, std::vector<base::Edit>{{{behind, behind}, " " + empty}, {{cut, end}, ""}});
  }
  const std::string_view before = text.substr(begin, node.key_span.begin - begin);
  if (before.find_first_not_of(' ') != std::string_view::npos) {
    // The first of a block that begins behind a dash: the second takes its place.
    const Node& next = tree[parent.children[position + 1]];
    return base::splice(text, std::vector<base::Edit>{{{node.key_span.begin, next.key_span.begin}, ""}});
  }
  if (begin > 0 && text[begin - 1] == '\n' && end == text.size()) {
    --begin;
    if (begin > 0 && text[begin - 1] == '\r') --begin;
    return base::splice(text, std::vector<base::Edit>{{{begin, end}, ""}});
  }
  return base::splice(text, std::vector<base::Edit>{{{begin, std::min(end + 1, text.size())}, ""}});
}

}  // namespace

base::Result<std::optional<std::string>> get_yaml(std::string_view text, const KeyPath& path) {
  const auto tree = parse_yaml(text);
  if (!tree && tree.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!tree) return std::unexpected(tree.error());
  const Walk walked = walk(*tree, path);
  if (walked.steps < path.size()) return std::nullopt;
  auto json = json_of(*tree, text, walked.last());
  if (!json) return std::unexpected(json.error());
  return *std::move(json);
}

base::Result<std::string> set_yaml(std::string_view text, const KeyPath& path, std::string_view json) {
  const auto tree = parse_yaml(text);
  if (!tree && tree.error().code != ErrorCode::kNotFound) return std::unexpected(tree.error());
  if (!tree) {
    const auto whole = wrapped(path, 0, json);
    if (!whole) return whole;
    const auto value = yaml_value(*whole, "", newline_of(text));
    if (!value) return value;
    const std::string_view newline = newline_of(text);
    return fmt::format("{}{}{}{}", text, text.empty() || text.ends_with('\n') ? "" : newline,
                       value->substr(newline.size()), newline);
  }
  const Walk walked = walk(*tree, path);
  const Node& node = (*tree)[walked.last()];
  if (walked.steps == path.size()) return replace(text, node, json);
  const bool empty = node.kind == Node::Kind::kScalar && node.span.size() == 0;
  if (!empty) {
    if (auto fits = check_step(*tree, walked.last(), path, walked.steps); !fits) return std::unexpected(fits.error());
  }
  const auto whole = wrapped(path, walked.steps, json);
  if (!whole) return whole;
  if (!node.block) return fill(text, node, *whole);
  const auto inner = parse_jsonc(*whole);
  if (!inner) return std::unexpected(inner.error());
  return add_to_block(text, node, path[walked.steps], strict_json(*inner, *whole, 1));
}

base::Result<std::string> remove_yaml(std::string_view text, const KeyPath& path) {
  const auto tree = parse_yaml(text);
  if (!tree && tree.error().code == ErrorCode::kNotFound) return std::string(text);
  if (!tree) return std::unexpected(tree.error());
  const Walk walked = walk(*tree, path);
  if (walked.steps < path.size()) return std::string(text);
  const Node& parent = (*tree)[walked.nodes[walked.nodes.size() - 2]];
  const auto at = std::ranges::find(parent.children, walked.last());
  return remove_child(text, *tree, parent, static_cast<std::size_t>(at - parent.children.begin()));
}

}  // namespace headroom::agents
