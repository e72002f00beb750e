#include "compress/json/header.h"

#include <algorithm>

#include <fmt/format.h>

#include "compress/json/cell.h"
#include "compress/json/derived.h"

namespace headroom::compress::json {
namespace {

using base::ErrorCode;
using base::Result;

std::unexpected<base::Error> bad(std::string_view what) {
  return base::fail(ErrorCode::kParse, fmt::format("no table text: {}", what));
}

std::string key_literal(std::string_view segment) {
  if (!segment.empty() && segment.front() == '"') return std::string(segment);
  return fmt::format("\"{}\"", segment);
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

/// Of "name:=prefix{other}suffix": the other, once all names are known.
bool read_derivation(Header& header, HeaderColumn& column, std::string_view text) {
  std::vector<std::string_view> names;
  for (const HeaderColumn& one : header.columns) names.push_back(one.name);
  DerivationText parts;
  if (!split_derivation(text, names, parts)) return false;
  column.source = header.by_name.at(std::string(parts.source));
  column.prefix = std::string(parts.prefix);
  column.suffix = std::string(parts.suffix);
  return header.columns[column.source].in_rows;
}

}  // namespace

std::size_t find_outside_quotes(std::string_view text, std::string_view stops, std::size_t at) {
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

std::vector<std::string_view> split_tabs(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0;;) {
    const std::size_t tab = line.find('\t', at);
    out.push_back(line.substr(at, tab - at));
    if (tab == std::string_view::npos) return out;
    at = tab + 1;
  }
}

std::string cell_json(const HeaderColumn& column, std::string_view text) {
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

Result<Header> parse_header(std::string_view line, bool entries, bool lists) {
  Header out;
  out.entries = entries;
  out.keys.emplace_back();
  std::vector<std::string_view> names = split_tabs(line);
  if (entries) {
    if (names.front() != "(key)") return bad("entries without key column");
    names.erase(names.begin());
  }
  std::vector<std::pair<std::size_t, std::string_view>> derived;
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
    if (name.starts_with(":=")) {
      derived.emplace_back(out.columns.size(), name.substr(2));
      name = "?";
    }
    column.in_rows = name.empty();
    column.children = name == ">";
    if (name.starts_with("=")) {
      if (name.size() < 2) return bad("empty default");
      column.fallback = cell_json(column, name.substr(1));
    } else if (!name.empty() && name != "?" && name != ">") {
      return bad(fmt::format("unknown mark {} in a header", name));
    }
    if (!lists) add_path(out, column.name, out.columns.size());
    out.by_name.emplace(column.name, out.columns.size());
    out.columns.push_back(std::move(column));
  }
  for (const auto& [column, text] : derived) {
    if (!read_derivation(out, out.columns[column], text)) return bad("a column is made of no other");
  }
  return out;
}

}  // namespace headroom::compress::json
