#include "compress/json/expand.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_string.h"
#include "base/text.h"
#include "compress/json/cell.h"
#include "compress/json/derived.h"
#include "compress/json/header.h"
#include "compress/json/json_format.h"
#include "compress/json/sequence.h"

namespace headroom::compress::json {
namespace {

using base::ErrorCode;
using base::Result;

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
  Result<Row> row(std::string_view line, const Header& header) const;
  bool emit(const Header& header, std::size_t key, const Row& row, std::string_view children, std::string& out) const;
  std::string emit_tree(const Header& header, const std::vector<Row>& rows, std::size_t& at, std::size_t depth) const;
  std::string emit_list(const Header& header, const Row& row) const;

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
    if (!text.empty()) out.values[column] = cell_json(header.columns[column], text);
  }
  for (; at < cells.size(); ++at) {
    const std::size_t equals = find_outside_quotes(cells[at], "=");
    if (equals == std::string_view::npos) return bad(fmt::format("too many cells in row \"{}\"", line));
    const auto found = header.by_name.find(std::string(cells[at].substr(0, equals)));
    if (found == header.by_name.end()) return bad(fmt::format("unknown column in row \"{}\"", line));
    const std::string_view text = cells[at].substr(equals + 1);
    out.values[found->second] = text.empty() ? std::string() : cell_json(header.columns[found->second], text);
  }
  for (std::size_t column = 0; column < header.columns.size(); ++column) {
    const HeaderColumn& how = header.columns[column];
    if (how.source == std::string::npos || out.values[column]) continue;
    out.values[column] = derive_json(how.prefix, out.values[how.source].value_or(""), how.suffix);
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
  const Result<Header> head = parse_header(*names, entries, lists);
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
