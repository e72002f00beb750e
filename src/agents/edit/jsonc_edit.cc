#include <algorithm>

#include <fmt/format.h>

#include "agents/edit/edit.h"
#include "agents/edit/jsonc.h"
#include "agents/edit/render.h"
#include "base/json_string.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

/// How the file is laid out; new lines follow it.
struct Layout {
  std::string_view newline = "\n";
  std::string unit = "  ";
};

/// The blanks that the line of `at` begins with.
std::string_view indent_of(std::string_view text, std::size_t at) {
  const std::size_t begin = text.rfind('\n', at == 0 ? 0 : at - 1);
  const std::size_t first = at == 0 || begin == std::string_view::npos ? 0 : begin + 1;
  const std::size_t end = std::min(text.find_first_not_of(" \t", first), text.size());
  return text.substr(first, std::min(end, at) - first);
}

/// True when nothing but blanks stands between the line's begin and `at`.
bool begins_line(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t last = before.find_last_not_of(" \t");
  return last == std::string_view::npos || before[last] == '\n';
}

Layout layout_of(std::string_view text, const Tree& tree) {
  Layout layout;
  if (text.contains("\r\n")) layout.newline = "\r\n";
  for (const Node& node : tree) {
    if (node.kind != Node::Kind::kObject || node.children.empty()) continue;
    const std::size_t first = tree[node.children.front()].key_span.begin;
    const std::string_view outer = indent_of(text, node.span.begin);
    const std::string_view inner = indent_of(text, first);
    if (!begins_line(text, first) || inner.size() <= outer.size() || !inner.starts_with(outer)) continue;
    layout.unit = inner.substr(outer.size());
    break;
  }
  return layout;
}

std::size_t child_begin(const Node& child) {
  return child.key_span.size() > 0 ? child.key_span.begin : child.span.begin;
}

/// `json` in the layout of the file, for a line with this indentation; on one line where the surroundings are.
base::Result<std::string> rendered(std::string_view json, const Layout& layout, std::string_view indent, bool lines) {
  return lines ? pretty_json(json, layout.unit, indent, layout.newline) : canonical_json(json);
}

base::Result<std::string> add_child(std::string_view text, const Tree& tree, const Node& parent, const Step& step,
                                    std::string_view json) {
  const Layout layout = layout_of(text, tree);
  const std::string outer(indent_of(text, parent.span.begin));
  const bool empty = parent.children.empty();
  const std::size_t first = empty ? 0 : child_begin(tree[parent.children.front()]);
  const bool lines = empty || text.substr(parent.span.begin, first - parent.span.begin).contains('\n');
  const std::string indent =
      empty ? outer + layout.unit : std::string(indent_of(text, child_begin(tree[parent.children.back()])));
  auto value = rendered(json, layout, indent, lines);
  if (!value) return value;
  const std::string name =
      step.kind == Step::Kind::kMember ? base::encode_json_string(step.key) + (lines ? ": " : ":") : std::string();
  std::vector<base::Edit> edits;
  if (empty) {
    const std::size_t begin = parent.span.begin + 1;
    const std::size_t end = text.find_first_not_of(" \t\r\n", begin);
    const bool blank = end + 1 == parent.span.end;
    edits.push_back({{begin, blank ? end : begin},
                     fmt::format("{}{}{}{}{}", layout.newline, indent, name, *value,
                                 blank ? std::string(layout.newline) + outer : std::string())});
    return base::splice(text, edits);
  }
  const std::size_t last = tree[parent.children.back()].span.end;
  const bool trailing = parent.last_comma != 0;
  // A comment on the same line belongs to the value before it.
  std::size_t behind = trailing ? parent.last_comma : last;
  if (lines) {
    behind = skip_jsonc_space(text, behind, true);
    while (behind > last && (text[behind - 1] == ' ' || text[behind - 1] == '\t' || text[behind - 1] == '\r')) --behind;
    if (trailing) behind = std::max(behind, parent.last_comma);
  }
  std::string added = fmt::format("{}{}{}{}", lines ? layout.newline : "", lines ? indent : "", name, *value);
  if (trailing) added += ',';
  if (!trailing && behind == last) added.insert(0, ",");
  if (!trailing && behind != last) edits.push_back({{last, last}, ","});
  edits.push_back({{behind, behind}, std::move(added)});
  return base::splice(text, edits);
}

std::size_t previous_end(std::string_view text, const Tree& tree, const Node& parent, std::size_t position) {
  if (position == 0) return parent.span.begin + 1;
  const std::size_t end = tree[parent.children[position - 1]].span.end;
  return skip_jsonc_space(text, end);
}

base::Result<std::string> remove_child(std::string_view text, const Tree& tree, const Node& parent,
                                       std::size_t position) {
  const Node& child = tree[parent.children[position]];
  const std::size_t begin = child_begin(child);
  std::vector<base::Edit> edits;
  // The comma behind it goes with it; of the last one, the comma before it.
  const bool last = position + 1 == parent.children.size();
  std::size_t end = child.span.end;
  if (!last || parent.last_comma != 0) end = skip_jsonc_space(text, end) + 1;
  if (last && parent.last_comma == 0 && position > 0) {
    const std::size_t comma = previous_end(text, tree, parent, position);
    edits.push_back({{comma, comma + 1}, ""});
  }
  std::size_t from = begin;
  if (begins_line(text, begin)) {
    // Its line goes as a whole, with what ends the line before; comments stay.
    const std::size_t rest = skip_jsonc_space(text, end, true);
    const bool line_is_done = text.substr(end, rest - end).find('/') == std::string_view::npos &&
                              (rest >= text.size() || text[rest] == '\n' || text[rest] == '}' || text[rest] == ']');
    if (line_is_done) {
      from = begin - indent_of(text, begin).size();
      if (from > 0 && text[from - 1] == '\n') --from;
      if (from > 0 && text[from - 1] == '\r') --from;
    }
  } else {
    if (position > 0) {
      while (text[from - 1] == ' ' || text[from - 1] == '\t') --from;
    }
  }
  if (!edits.empty() && edits.front().span.end > from) edits.front().span.end = from;
  edits.push_back({{from, end}, ""});
  auto out = base::splice(text, edits);
  if (!out || parent.children.size() > 1) return out;
  // What is empty again is written so.
  const std::string_view inside =
      std::string_view(*out).substr(parent.span.begin + 1, parent.span.size() - 2 - (end - from));
  if (inside.find_first_not_of(" \t\r\n") == std::string_view::npos) out->erase(parent.span.begin + 1, inside.size());
  return out;
}

}  // namespace

base::Result<std::string> set_jsonc(std::string_view text, const KeyPath& path, std::string_view json) {
  const auto tree = parse_jsonc(text);
  if (!tree && tree.error().code == ErrorCode::kNotFound) {
    const auto whole = wrapped(path, 0, json);
    if (!whole) return whole;
    const auto value = pretty_json(*whole, "  ", "", "\n");
    if (!value) return value;
    return fmt::format("{}{}{}\n", text, text.empty() || text.ends_with('\n') || text == "\xEF\xBB\xBF" ? "" : "\n",
                       *value);
  }
  if (!tree) return std::unexpected(tree.error());
  const Walk walked = walk(*tree, path);
  const Node& node = (*tree)[walked.last()];
  if (walked.steps == path.size()) {
    const Layout layout = layout_of(text, *tree);
    const std::size_t begin = child_begin(node);
    const auto value = rendered(json, layout, indent_of(text, begin), begins_line(text, begin));
    if (!value) return value;
    return base::splice(text, std::vector<base::Edit>{{node.span, *value}});
  }
  if (auto fits = check_step(*tree, walked.last(), path, walked.steps); !fits) return std::unexpected(fits.error());
  // The step's own name (or brackets) are added with it; what is behind it is wrapped.
  const auto whole = wrapped(path, walked.steps, json);
  if (!whole) return whole;
  const auto inner = parse_jsonc(*whole);
  if (!inner) return std::unexpected(inner.error());
  return add_child(text, *tree, node, path[walked.steps], strict_json(*inner, *whole, 1));
}

base::Result<std::string> remove_jsonc(std::string_view text, const KeyPath& path) {
  std::string out(text);
  // A name may stand there more than once.
  while (true) {
    const auto tree = parse_jsonc(out);
    if (!tree && tree.error().code == ErrorCode::kNotFound) return out;
    if (!tree) return std::unexpected(tree.error());
    const Walk walked = walk(*tree, path);
    if (walked.steps < path.size()) return out;
    const Node& parent = (*tree)[walked.nodes[walked.nodes.size() - 2]];
    const auto at = std::ranges::find(parent.children, walked.last());
    auto less = remove_child(out, *tree, parent, static_cast<std::size_t>(at - parent.children.begin()));
    if (!less) return less;
    out = *std::move(less);
    if (path.back().kind != Step::Kind::kMember) return out;
  }
}

}  // namespace headroom::agents
