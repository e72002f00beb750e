#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "agents/edit/edit.h"
#include "agents/edit/render.h"
#include "agents/edit/toml_lines.h"
#include "base/json_document.h"
#include "base/json_writer.h"
#include "base/splice.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;
using Names = std::vector<std::string>;
using Statements = std::vector<TomlStatement>;

base::Result<toml::table> parsed(std::string_view text) {
  // First our own reading, which takes ASCII alone outside strings and comments: there toml++ 3.3 has undefined
  // behaviour.
  if (const auto lines = parse_toml_lines(text); !lines) return std::unexpected(lines.error());
  toml::parse_result result = toml::parse(text);
  if (!result) {
    return base::fail(
        ErrorCode::kParse,
        fmt::format("line {}: {}", static_cast<int>(result.error().source().begin.line), result.error().description()));
  }
  return std::move(result).table();
}

void write_json(base::JsonWriter& json, const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json.begin_object();
    for (const auto& [key, value] : *table) write_json(json.key(key.str()), value);
    json.end_object();
  } else if (const auto* array = node.as_array()) {
    json.begin_array();
    for (const toml::node& item : *array) write_json(json, item);
    json.end_array();
  } else if (const auto* text = node.as_string()) {
    json.value(std::string_view(text->get()));
  } else if (const auto* number = node.as_integer()) {
    json.value(number->get());
  } else if (const auto* flag = node.as_boolean()) {
    json.value(flag->get());
  } else {
    // JSON has no dates; a fraction keeps its digits.
    std::ostringstream out;
    if (const auto* fraction = node.as_floating_point()) {
      if (std::isfinite(fraction->get())) {
        const std::string digits = fmt::format("{}", fraction->get());
        json.raw(digits + (digits.find_first_of(".e") == std::string::npos ? ".0" : ""));
        return;
      }
    }
    node.visit([&out](const auto& value) {
      if constexpr (toml::is_value<decltype(value)>) out << value;
    });
    json.value(std::string_view(out.str()));
  }
}

const toml::node* child_of(const toml::node& node, const Step& step) {
  if (step.kind == Step::Kind::kMember) {
    const toml::table* table = node.as_table();
    return table == nullptr ? nullptr : table->get(step.key);
  }
  const toml::array* array = node.as_array();
  if (array == nullptr) return nullptr;
  if (step.kind == Step::Kind::kIndex) return step.index < array->size() ? array->get(step.index) : nullptr;
  for (const toml::node& item : *array) {
    const toml::table* table = item.as_table();
    if (table == nullptr) continue;
    if ((*table)[step.key].value<std::string>() == step.value) return &item;
  }
  return nullptr;
}

/// The member names that a path begins with; what is behind them must stand in an array.
Names leading_names(const KeyPath& path) {
  Names names;
  for (const Step& step : path) {
    if (step.kind != Step::Kind::kMember) break;
    names.push_back(step.key);
  }
  return names;
}

bool begins_with(const Names& path, const Names& front) {
  return path.size() >= front.size() && std::equal(front.begin(), front.end(), path.begin());
}

std::string dotted(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ".") + toml_key(name);
  return text;
}

std::string_view newline_of(std::string_view text) {
  return text.contains("\r\n") ? "\r\n" : "\n";
}

/// The assignment that holds the path's value, or a table in brackets that it is in.
const TomlStatement* holder(const Statements& all, const Names& names) {
  for (const TomlStatement& one : all) {
    if (one.kind == TomlStatement::Kind::kAssignment && one.element == 0 && begins_with(names, one.path)) return &one;
  }
  return nullptr;
}

base::Result<std::string> set_inline(std::string_view text, const TomlStatement& in, const KeyPath& path,
                                     std::string_view json) {
  const auto tree = parse_toml_value(text, in.value.begin);
  if (!tree) return std::unexpected(tree.error());
  const KeyPath rest(path.begin() + static_cast<std::ptrdiff_t>(in.path.size()), path.end());
  const Walk walked = walk(*tree, rest);
  const Node& node = (*tree)[walked.last()];
  if (walked.steps == rest.size()) {
    const auto value = toml_value(json);
    if (!value) return value;
    return base::splice(text, std::vector<base::Edit>{{node.span, *value}});
  }
  if (auto fits = check_step(*tree, walked.last(), rest, walked.steps); !fits) return std::unexpected(fits.error());
  const auto whole = wrapped(rest, walked.steps, json);
  if (!whole) return whole;
  const auto value = toml_value(*whole);
  if (!value) return value;
  // Without the brackets that stand there already.
  std::string inside = value->substr(1, value->size() - 2);
  if (inside.starts_with(' ')) inside = inside.substr(1, inside.size() - 2);
  const bool empty = node.children.empty();
  const bool object = node.kind == Node::Kind::kObject;
  if (empty) {
    if (object) inside = " " + inside + " ";
    return base::splice(text, std::vector<base::Edit>{{{node.span.begin + 1, node.span.begin + 1}, inside}});
  }
  const std::size_t behind = node.last_comma != 0 ? node.last_comma : (*tree)[node.children.back()].span.end;
  return base::splice(text, std::vector<base::Edit>{{{behind, behind}, (node.last_comma != 0 ? " " : ", ") + inside}});
}

base::Result<std::string> remove_inline(std::string_view text, const TomlStatement& in, const KeyPath& path) {
  const auto tree = parse_toml_value(text, in.value.begin);
  if (!tree) return std::unexpected(tree.error());
  const KeyPath rest(path.begin() + static_cast<std::ptrdiff_t>(in.path.size()), path.end());
  const Walk walked = walk(*tree, rest);
  if (walked.steps < rest.size()) return std::string(text);
  const Node& parent = (*tree)[walked.nodes[walked.nodes.size() - 2]];
  const auto position =
      static_cast<std::size_t>(std::ranges::find(parent.children, walked.last()) - parent.children.begin());
  const Node& node = (*tree)[walked.last()];
  const bool named = node.key_span.size() > 0;
  base::Span gone{named ? node.key_span.begin : node.span.begin, node.span.end};
  if (position > 0) {
    gone.begin = (*tree)[parent.children[position - 1]].span.end;
  } else if (parent.children.size() > 1) {
    const Node& next = (*tree)[parent.children[1]];
    gone.end = named ? next.key_span.begin : next.span.begin;
  } else {
    gone = {parent.span.begin + 1, parent.span.end - 1};
  }
  return base::splice(text, std::vector<base::Edit>{{gone, ""}});
}

/// "name = value" lines of an object, tables in it in brackets.
base::Result<std::string> body_lines(std::string_view json, std::string_view newline) {
  const auto doc = base::JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  std::string out;
  for (const base::JsonNode& member : doc->children(doc->root())) {
    const auto value = toml_value(member.raw);
    if (!value) return value;
    out += fmt::format("{} = {}{}", toml_key(member.key), *value, newline);
  }
  return out;
}

std::string with_last_newline(std::string_view text) {
  return std::string(text) + std::string(text.empty() || text.ends_with('\n') ? "" : newline_of(text));
}

/// A table at the end of the file.
std::string appended(std::string_view text, std::string_view header, std::string_view body) {
  const std::string_view newline = newline_of(text);
  std::string out = with_last_newline(text);
  if (!out.empty()) out += newline;
  return out + fmt::format("{}{}{}", header, newline, body);
}

/// Where a line of the table `names` goes: behind its last assignment, or its header. npos without such a table.
std::size_t place_in(const Statements& all, const Names& names) {
  std::size_t place = std::string::npos;
  for (const TomlStatement& one : all) {
    if (one.element != 0) continue;
    if (one.kind == TomlStatement::Kind::kTable && one.path == names) place = one.lines.end;
    if (one.kind == TomlStatement::Kind::kAssignment && one.path.size() == names.size() + 1 &&
        begins_with(one.path, names)) {
      place = one.lines.end;
    }
  }
  return place;
}

/// The dotted name that an assignment right behind `place` must have to be `names`: without the table it is in.
std::string name_at(const Statements& all, std::size_t place, const Names& names) {
  std::size_t table = 0;
  for (const TomlStatement& one : all) {
    if (one.lines.begin < place && one.kind != TomlStatement::Kind::kAssignment) table = one.path.size();
  }
  return dotted(Names(names.begin() + static_cast<std::ptrdiff_t>(table), names.end()));
}

base::Result<std::string> set_member(std::string_view text, const Statements& all, const Names& names,
                                     std::string_view json) {
  const std::string_view newline = newline_of(text);
  const auto doc = base::JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  if (doc->root().kind == base::JsonKind::kObject) {
    const auto body = body_lines(json, newline);
    if (!body) return body;
    return appended(text, fmt::format("[{}]", dotted(names)), *body);
  }
  const auto value = toml_value(json);
  if (!value) return value;
  const Names parent(names.begin(), names.end() - 1);
  std::size_t place = place_in(all, parent);
  if (place == std::string::npos && parent.empty()) place = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (place == std::string::npos) {
    return appended(text, fmt::format("[{}]", dotted(parent)),
                    fmt::format("{} = {}{}", toml_key(names.back()), *value, newline));
  }
  std::string line = fmt::format("{} = {}{}", name_at(all, place, names), *value, newline);
  if (place > 0 && place == text.size() && !text.ends_with('\n')) line.insert(0, newline);
  return base::splice(text, std::vector<base::Edit>{{{place, place}, std::move(line)}});
}

/// The element of an array of tables, as the number that its statements carry; 0 without one.
std::size_t find_element(std::string_view text, const Statements& all, const Names& names, const Step& step) {
  std::size_t nth = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind != TomlStatement::Kind::kArrayTable || all[i].path != names) continue;
    if (step.kind == Step::Kind::kIndex && nth++ == step.index) return i + 1;
    if (step.kind != Step::Kind::kWhere) continue;
    for (const TomlStatement& one : all) {
      if (one.element != i + 1 || one.kind != TomlStatement::Kind::kAssignment) continue;
      if (one.path.size() != names.size() + 1 || one.path.back() != step.key) continue;
      const auto value = parse_toml_value(text, one.value.begin);
      if (value && value->front().kind == Node::Kind::kString && value->front().text == step.value) return i + 1;
    }
  }
  return 0;
}

/// Takes whole statements out, and with those at the end of the file the blank line before them.
base::Result<std::string> without(std::string_view text, const Statements& all,
                                  const std::function<bool(const TomlStatement&)>& gone) {
  std::vector<base::Edit> edits;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!gone(all[i])) continue;
    base::Span lines = all[i].lines;
    const bool header = all[i].kind != TomlStatement::Kind::kAssignment;
    // One blank line before a table belongs to it.
    if (header) {
      for (const std::string_view blank : {"\r\n\r\n", "\n\n"}) {
        if (!text.substr(0, lines.begin).ends_with(blank)) continue;
        lines.begin -= blank.size() / 2;
        break;
      }
      if (i > 0) lines.begin = std::max(lines.begin, all[i - 1].lines.end);
    }
    edits.push_back({lines, ""});
  }
  return base::splice(text, edits);
}

base::Result<std::string> set_checked(std::string_view text, const KeyPath& path, std::string_view json);

base::Result<std::string> set_element(std::string_view text, const Statements& all, const Names& names,
                                      const KeyPath& path, std::string_view json) {
  const Step& step = path[names.size()];
  const std::size_t element = find_element(text, all, names, step);
  if (path.size() != names.size() + 1) {
    return base::fail(ErrorCode::kInvalidArgument,
                      fmt::format("'{}': only whole elements of an array of tables can be set", key_path_text(path)));
  }
  if (element != 0) {
    const auto less = remove_toml(text, path);
    if (!less) return less;
    return set_checked(*less, path, json);
  }
  const auto whole = wrapped(path, names.size(), json);
  if (!whole) return whole;
  const auto array = base::JsonDocument::parse(*whole);
  if (!array) return std::unexpected(array.error());
  const auto body = body_lines(array->node(1).raw, newline_of(text));
  if (!body) return body;
  return appended(text, fmt::format("[[{}]]", dotted(names)), *body);
}

base::Result<std::string> set_checked(std::string_view text, const KeyPath& path, std::string_view json) {
  const auto all = parse_toml_lines(text);
  if (!all) return std::unexpected(all.error());
  const Names names = leading_names(path);
  if (names.empty()) return base::fail(ErrorCode::kInvalidArgument, "the file's content is no list");
  if (const TomlStatement* in = holder(*all, names)) return set_inline(text, *in, path, json);
  if (names.size() < path.size()) return set_element(text, *all, names, path, json);
  const bool there = std::ranges::any_of(
      *all, [&](const TomlStatement& one) { return one.element == 0 && begins_with(one.path, names); });
  if (!there) return set_member(text, *all, names, json);
  const auto less = remove_toml(text, path);
  if (!less) return less;
  const auto rest = parse_toml_lines(*less);
  if (!rest) return std::unexpected(rest.error());
  return set_member(*less, *rest, names, json);
}

}  // namespace

base::Result<std::optional<std::string>> get_toml(std::string_view text, const KeyPath& path) {
  const auto table = parsed(text);
  if (!table) return std::unexpected(table.error());
  const toml::node* node = &*table;
  for (const Step& step : path) {
    node = child_of(*node, step);
    if (node == nullptr) return std::nullopt;
  }
  base::JsonWriter json;
  write_json(json, *node);
  return std::move(json).take();
}

base::Result<std::string> set_toml(std::string_view text, const KeyPath& path, std::string_view json) {
  if (const auto before = parsed(text); !before) return std::unexpected(before.error());
  return set_checked(text, path, json);
}

base::Result<std::string> remove_toml(std::string_view text, const KeyPath& path) {
  if (const auto before = parsed(text); !before) return std::unexpected(before.error());
  const auto all = parse_toml_lines(text);
  if (!all) return std::unexpected(all.error());
  const Names names = leading_names(path);
  const TomlStatement* in = holder(*all, names);
  if (in != nullptr && in->path.size() < path.size()) return remove_inline(text, *in, path);
  if (names.size() == path.size()) {
    return without(text, *all, [&](const TomlStatement& one) { return begins_with(one.path, names); });
  }
  const std::size_t element = find_element(text, *all, names, path[names.size()]);
  if (element == 0) return std::string(text);
  if (path.size() > names.size() + 1) {
    return base::fail(
        ErrorCode::kInvalidArgument,
        fmt::format("'{}': only whole elements of an array of tables can be removed", key_path_text(path)));
  }
  return without(text, *all, [&](const TomlStatement& one) { return one.element == element; });
}

}  // namespace headroom::agents
