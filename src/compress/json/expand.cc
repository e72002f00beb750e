#include "compress/json/expand.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_string.h"
#include "base/text.h"
#include "compress/json/cell.h"
#include "compress/json/json_format.h"
#include "compress/json/sequence.h"

namespace headroom::compress::json {
namespace {

using base::ErrorCode;
using base::Result;

/// The columns of a header as the tree of keys that they came from, in order.
struct Key {
  std::string literal;                ///< the key as JSON
  bool element = false;               ///< "name[0]": the object stands in an array of one
  std::vector<std::size_t> children;  ///< group: indexes into Header::keys
  std::size_t column = std::string::npos;
};

struct HeaderColumn {
  std::string name;
  std::vector<std::string> tuple;
  bool text = false;
  bool in_rows = true;
  bool children = false;
  std::string fallback;  ///< JSON; empty for "missing"
};

struct Header {
  std::vector<HeaderColumn> columns;
  std::vector<Key> keys;  ///< keys[0] is the row itself
  std::unordered_map<std::string, std::size_t> by_name;
  bool entries = false;
};

std::size_t find_outside_quotes(std::string_view text, std::string_view stops, std::size_t at = 0) {
  while (at < text.size()) {
    if (text[at] == '"') {
      at = literal_end(text, at);
      if (at == std::string_view::npos) return at;
      continue;
    }
    if (stops.find(text[at]) != std::string_view::npos) return at;
    ++at;
  }
  return std::string_view::npos;
}

std::string key_literal(std::string_view segment) {
  if (!segment.empty() && segment.front() == '"') return std::string(segment);
  return fmt::format("\"{}\"", segment);
}

std::vector<std::string_view> split_tabs(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0;;) {
    const std::size_t tab = line.find('\t', at);
    out.push_back(line.substr(at, tab - at));
    if (tab == std::string_view::npos) return out;
    at = tab + 1;
  }
}

void add_path(Header& header, std::string_view name, std::size_t column) {
  std::size_t group = 0;
  while (true) {
    const std::size_t end = std::min(find_outside_quotes(name, ".["), name.size());
    const std::string literal = key_literal(name.substr(0, end));
    const bool element = name.substr(end).starts_with("[0]");
    const std::size_t after = element ? end + 3 : end;
    const bool leaf = after >= name.size();
    std::size_t next = std::string::npos;
    if (!leaf && !header.keys[group].children.empty()) {
      const std::size_t last = header.keys[group].children.back();
      const Key& candidate = header.keys[last];
      if (candidate.column == std::string::npos && candidate.literal == literal) next = last;
    }
    if (next == std::string::npos) {
      next = header.keys.size();
      header.keys.push_back({.literal = literal, .element = element, .children = {}});
      header.keys[group].children.push_back(next);
    }
    if (leaf) {
      header.keys[next].column = column;
      return;
    }
    group = next;
    name.remove_prefix(after + 1);
  }
}

/// One table row taken apart: JSON per column, empty where the row says nothing.
using Values = std::vector<std::optional<std::string>>;

class Expander {
 public:
  explicit Expander(std::string_view text) : text_(text) {}

  Result<std::string> run();

 private:
  struct Row {
    std::size_t depth = 0;
    std::string key;     ///< entries: the member's key literal
    bool plain = false;  ///< `json` is the whole value
    std::string json;
    Values values;
  };

  Result<std::string> value(int depth);
  Result<std::string> container(char close, int depth);
  Result<std::string> table(int depth);
  Result<std::string> embedded(int depth);
  Result<Header> header(std::string_view line, bool entries, bool lists) const;
  Result<Row> row(std::string_view line, const Header& header) const;
  bool emit(const Header& header, std::size_t key, const Row& row, std::string_view children, std::string& out) const;
  std::string emit_tree(const Header& header, const std::vector<Row>& rows, std::size_t& at, std::size_t depth) const;
  std::string emit_list(const Header& header, const Row& row) const;
  std::string cell(const HeaderColumn& column, std::string_view text) const;

  bool at_table() const;
  std::optional<std::string_view> line();
  static std::unexpected<base::Error> bad(std::string_view what) {
    return base::fail(ErrorCode::kParse, fmt::format("no table text: {}", what));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool Expander::at_table() const {
  std::size_t at = at_ + 1;
  while (at < text_.size() && text_[at] >= '0' && text_[at] <= '9') ++at;
  const std::string_view rest = text_.substr(std::min(at, text_.size()));
  return at > at_ + 1 && (rest.starts_with(" rows") || rest.starts_with(" lists") || rest.starts_with(" entries"));
}

std::optional<std::string_view> Expander::line() {
  const std::size_t end = text_.find('\n', at_);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view out = text_.substr(at_, end - at_);
  at_ = end + 1;
  return out;
}

Result<std::string> Expander::value(int depth) {
  if (depth > base::JsonDocument::kMaxDepth) return bad("nested too deep");
  if (at_ >= text_.size()) return bad("it ends too early");
  const char c = text_[at_];
  if (text_.substr(at_).starts_with("json-string")) return embedded(depth);
  if (c == '<') return base::fail(ErrorCode::kNotFound, "rows are missing here; retrieve the original");
  if (c == '{' || c == '[') return at_table() ? table(depth) : container(c == '{' ? '}' : ']', depth);
  std::size_t end = at_;
  if (c == '"') {
    end = literal_end(text_, at_);
    if (end == std::string_view::npos) return bad("unfinished string");
  } else {
    while (end < text_.size() && std::string_view(",]}\n \t\r").find(text_[end]) == std::string_view::npos) ++end;
    if (!is_bare_literal(text_.substr(at_, end - at_))) return bad(fmt::format("bad value at byte {}", at_));
  }
  std::string out(text_.substr(at_, end - at_));
  at_ = end;
  return out;
}

Result<std::string> Expander::container(char close, int depth) {
  std::string out(1, text_[at_++]);
  const auto skip_space = [&] {
    while (at_ < text_.size() && std::string_view(" \n\t\r").find(text_[at_]) != std::string_view::npos) ++at_;
  };
  for (bool first = true;; first = false) {
    skip_space();
    if (at_ < text_.size() && text_[at_] == close && (first || out.back() != ',')) break;
    if (close == '}') {
      if (at_ >= text_.size() || text_[at_] != '"') return bad("a key is missing");
      const std::size_t end = literal_end(text_, at_);
      if (end == std::string_view::npos) return bad("unfinished key");
      out.append(text_.substr(at_, end - at_));
      at_ = end;
      skip_space();
      if (at_ >= text_.size() || text_[at_] != ':') return bad("a colon is missing");
      out.push_back(text_[at_++]);
      skip_space();
    }
    Result<std::string> inner = value(depth + 1);
    if (!inner) return inner;
    out += *inner;
    skip_space();
    if (at_ < text_.size() && text_[at_] == ',') {
      out.push_back(text_[at_++]);
    } else if (at_ >= text_.size() || text_[at_] != close) {
      return bad(fmt::format("a comma is missing at byte {}", at_));
    }
  }
  out.push_back(text_[at_++]);
  return out;
}

Result<std::string> Expander::embedded(int depth) {
  at_ += std::string_view("json-string").size();
  const std::size_t colon = text_.find(':', at_);
  if (colon == std::string_view::npos) return bad("json-string without colon");
  const std::optional<JsonStyle> style = style_from_name(text_.substr(at_, colon - at_));
  if (!style) return bad("unknown json-string style");
  at_ = colon + 1;
  Result<std::string> inner = value(depth + 1);
  if (!inner) return inner;
  return base::encode_json_string(format_json(*inner, *style));
}

Result<Header> Expander::header(std::string_view line, bool entries, bool lists) const {
  Header out;
  out.entries = entries;
  out.keys.emplace_back();
  std::vector<std::string_view> names = split_tabs(line);
  if (entries) {
    if (names.front() != "(key)") return bad("entries without key column");
    names.erase(names.begin());
  }
  for (std::string_view name : names) {
    HeaderColumn column;
    std::size_t end = std::min(find_outside_quotes(name, "(:=?>"), name.size());
    if (entries && name.starts_with(kValueColumn)) end = kValueColumn.size();
    column.name = std::string(name.substr(0, end));
    name.remove_prefix(end);
    if (name.starts_with("(")) {
      const std::size_t close = find_outside_quotes(name, ")");
      if (close == std::string_view::npos) return bad("unfinished tuple");
      std::string_view list = name.substr(1, close - 1);
      while (true) {
        const std::size_t comma = std::min(find_outside_quotes(list, ","), list.size());
        column.tuple.push_back(key_literal(list.substr(0, comma)));
        if (comma == list.size()) break;
        list.remove_prefix(comma + 1);
      }
      name.remove_prefix(close + 1);
    }
    if (name.starts_with(":text")) {
      column.text = true;
      name.remove_prefix(5);
    }
    column.in_rows = name.empty();
    column.children = name == ">";
    if (name.starts_with("=")) {
      if (name.size() < 2) return bad("empty default");
      column.fallback = cell(column, name.substr(1));
    } else if (!name.empty() && name != "?" && name != ">") {
      return bad(fmt::format("unknown mark {} in a header", name));
    }
    if (!lists) add_path(out, column.name, out.columns.size());
    out.by_name.emplace(column.name, out.columns.size());
    out.columns.push_back(std::move(column));
  }
  return out;
}

std::string Expander::cell(const HeaderColumn& column, std::string_view text) const {
  std::string out;
  if (column.tuple.empty() || text.front() != '[') {
    append_cell_value(out, text, column.text);
    return out;
  }
  // [[a,b],[c,d]] becomes [{"x":a,"y":b},{"x":c,"y":d}].
  int depth = 0;
  std::size_t key = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = std::min(literal_end(text, at), text.size());
      out.append(text.substr(at, end - at));
      at = end;
      continue;
    }
    ++at;
    if (c == '[' || c == '{') {
      ++depth;
      if (depth == 2) {
        key = 0;
        out += "{" + column.tuple[key++] + ":";
        continue;
      }
    } else if (c == ']' || c == '}') {
      --depth;
      if (depth == 1) {
        out.push_back('}');
        continue;
      }
    } else if (c == ',' && depth == 2) {
      out.push_back(',');
      if (key < column.tuple.size()) out += column.tuple[key++] + ":";
      continue;
    }
    out.push_back(c);
  }
  return out;
}

Result<Expander::Row> Expander::row(std::string_view line, const Header& header) const {
  Row out;
  while (line.starts_with(' ')) {
    ++out.depth;
    line.remove_prefix(1);
  }
  if (line.starts_with('~')) {
    line.remove_prefix(1);
    out.plain = true;
    if (header.entries) {
      const std::size_t end = line.starts_with('"') ? literal_end(line, 0) : std::string_view::npos;
      if (end == std::string_view::npos || end >= line.size()) return bad("plain entry without key");
      out.key = std::string(line.substr(0, end));
      line.remove_prefix(end + 1);
    }
    out.json = std::string(line);
    return out;
  }
  std::vector<std::string_view> cells = split_tabs(line);
  std::size_t at = 0;
  if (header.entries) {
    if (cells.front().empty()) return bad("entry without key");
    append_cell_value(out.key, cells[at++], true);
  }
  out.values.resize(header.columns.size());
  if (line.empty()) return out;
  for (std::size_t column = 0; column < header.columns.size(); ++column) {
    if (!header.columns[column].in_rows) continue;
    if (at >= cells.size()) break;
    const std::string_view text = cells[at++];
    if (!text.empty()) out.values[column] = cell(header.columns[column], text);
  }
  for (; at < cells.size(); ++at) {
    const std::size_t equals = find_outside_quotes(cells[at], "=");
    if (equals == std::string_view::npos) return bad(fmt::format("too many cells in row \"{}\"", line));
    const auto found = header.by_name.find(std::string(cells[at].substr(0, equals)));
    if (found == header.by_name.end()) return bad(fmt::format("unknown column in row \"{}\"", line));
    const std::string_view text = cells[at].substr(equals + 1);
    out.values[found->second] = text.empty() ? std::string() : cell(header.columns[found->second], text);
  }
  return out;
}

bool Expander::emit(const Header& header, std::size_t key, const Row& row, std::string_view children,
                    std::string& out) const {
  const Key& node = header.keys[key];
  if (node.column != std::string::npos) {
    const HeaderColumn& column = header.columns[node.column];
    const std::optional<std::string>& own = row.values[node.column];
    const std::string_view json = column.children && !own ? children : own ? std::string_view(*own) : column.fallback;
    if (json.empty()) return false;
    out += fmt::format("{}:{}", node.literal, json);
    return true;
  }
  std::string inner;
  std::string_view taken;  // a value of the group itself silences the group's columns
  for (std::size_t child : node.children) {
    if (header.keys[child].column == std::string::npos && header.keys[child].literal == taken) continue;
    std::string member;
    if (!emit(header, child, row, children, member)) continue;
    if (!inner.empty()) inner.push_back(',');
    inner += member;
    taken = header.keys[child].literal;
  }
  if (key == 0) {
    out += "{" + inner + "}";
    return true;
  }
  if (inner.empty()) return false;
  out += node.element ? fmt::format("{}:[{{{}}}]", node.literal, inner) : fmt::format("{}:{{{}}}", node.literal, inner);
  return true;
}

std::string Expander::emit_list(const Header& header, const Row& row) const {
  std::string out = "[";
  for (std::size_t column = 0; column < header.columns.size() && row.values[column]; ++column) {
    if (column > 0) out.push_back(',');
    out += *row.values[column];
  }
  return out + "]";
}

std::string Expander::emit_tree(const Header& header, const std::vector<Row>& rows, std::size_t& at,
                                std::size_t depth) const {
  std::string out = "[";
  while (at < rows.size() && rows[at].depth >= depth) {
    const Row& row = rows[at++];
    std::string children;
    if (at < rows.size() && rows[at].depth > depth) children = emit_tree(header, rows, at, depth + 1);
    if (out.size() > 1) out.push_back(',');
    emit(header, 0, row, children, out);
  }
  return out + "]";
}

Result<std::string> Expander::table(int depth) {
  if (depth > base::JsonDocument::kMaxDepth) return bad("nested too deep");
  const bool entries = text_[at_] == '{';
  const std::optional<std::string_view> opening = line();
  if (!opening) return bad("a table without rows");
  const bool lists = opening->find(" lists") != std::string_view::npos;
  const bool tree = opening->find(", tree by ") != std::string_view::npos;
  const std::optional<std::string_view> names = line();
  if (!names) return bad("a table without header");
  const Result<Header> head = header(*names, entries, lists);
  if (!head) return std::unexpected(head.error());
  std::vector<Row> rows;
  while (at_ < text_.size() && text_[at_] != (entries ? '}' : ']')) {
    const std::optional<std::string_view> one = line();
    if (!one) return bad("a table without end");
    if (one->starts_with("<<")) return base::fail(ErrorCode::kNotFound, "rows are missing; retrieve the original");
    Result<Row> parsed = row(*one, *head);
    if (!parsed) return std::unexpected(parsed.error());
    rows.push_back(std::move(*parsed));
  }
  if (at_ >= text_.size()) return bad("a table without end");
  ++at_;
  if (tree) {
    std::size_t at = 0;
    return emit_tree(*head, rows, at, 0);
  }
  std::string out(1, entries ? '{' : '[');
  for (const Row& one : rows) {
    if (out.size() > 1) out.push_back(',');
    if (entries) out += one.key + ":";
    if (one.plain) {
      out += one.json;
    } else if (entries && head->columns.size() == 1 && head->columns.front().name == kValueColumn) {
      out += one.values.front().value_or(head->columns.front().fallback);
    } else if (lists) {
      out += emit_list(*head, one);
    } else {
      emit(*head, 0, one, {}, out);
    }
  }
  out.push_back(entries ? '}' : ']');
  return out;
}

Result<std::string> Expander::run() {
  std::string_view mark;
  for (std::string_view one : {kLines, kApart, kTouching}) {
    if (text_.starts_with(one)) mark = one;
  }
  at_ = mark.size();
  const std::string_view between = mark == kTouching ? "" : "\n";
  const bool as_table = !mark.empty() && text_.substr(at_).starts_with('[') && at_table();
  std::vector<std::string> values;
  while (true) {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == ' ')) ++at_;
    if (at_ >= text_.size()) break;
    Result<std::string> one = value(0);
    if (!one) return one;
    values.push_back(std::move(*one));
  }
  if (values.empty()) return bad("empty");
  if (as_table || (!mark.empty() && values.size() == 1)) {
    const Result<base::JsonDocument> doc = base::JsonDocument::parse(values.front());
    if (!doc) return std::unexpected(doc.error());
    std::string out;
    for (const base::JsonNode& item : doc->children(doc->root())) {
      if (!out.empty()) out.append(between);
      append_minified(out, item.raw);
    }
    return out;
  }
  std::string out = std::move(values.front());
  for (std::size_t at = 1; at < values.size(); ++at) out.append(between).append(values[at]);
  return out;
}

}  // namespace

Result<std::string> expand(std::string_view text) {
  return Expander(text).run();
}

}  // namespace headroom::compress::json
