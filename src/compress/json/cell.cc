#include "compress/json/cell.h"

#include <algorithm>
#include <array>

namespace headroom::compress::json {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// Bytes that may stand bare in a column name; the rest has a meaning in headers or rows.
bool is_name_byte(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c)) return true;
  return static_cast<unsigned char>(c) >= 0x80 || std::string_view("_-$@/#*%+ ").find(c) != std::string_view::npos;
}

/// Bytes that a string without quotes must not begin with, as a cell that is something else does.
constexpr auto kTaken = [] {
  std::array<bool, 256> taken{};
  for (const char c : std::string_view(" \"{}[]~<")) taken[static_cast<unsigned char>(c)] = true;
  return taken;
}();

bool may_start_plain(char c) {
  return !kTaken[static_cast<unsigned char>(c)];
}

}  // namespace

bool is_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const std::size_t start = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[start] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

bool is_bare_literal(std::string_view text) {
  const auto may_start = [](char c) { return is_digit(c) || c == '-' || c == 't' || c == 'f' || c == 'n'; };
  if (text.empty() || !may_start(text.front())) return false;
  return text == "true" || text == "false" || text == "null" || is_number(text);
}

std::size_t literal_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

void append_minified(std::string& out, std::string_view raw) {
  std::size_t at = 0;
  while (at < raw.size()) {
    if (is_space(raw[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < raw.size() && !is_space(raw[end])) {
      end = raw[end] == '"' ? std::min(literal_end(raw, end), raw.size()) : end + 1;
    }
    out.append(raw.substr(at, end - at));
    at = end;
  }
}

bool is_plain_string(const base::JsonNode& node, bool text_column) {
  const std::string_view inside = node.raw.substr(1, node.raw.size() - 2);
  if (inside.empty() || !may_start_plain(inside.front()) || inside.back() == ' ') return false;
  // Decoded text that stands in the source itself had nothing to decode.
  const bool unescaped = node.decoded && node.text.data() == inside.data();
  if (!unescaped && inside.find('\\') != std::string_view::npos) return false;
  return text_column || !is_bare_literal(inside);
}

void append_cell(std::string& out, const base::JsonNode& node, bool text_column) {
  if (node.kind == base::JsonKind::kArray || node.kind == base::JsonKind::kObject) {
    append_minified(out, node.raw);
  } else if (node.kind == base::JsonKind::kString && is_plain_string(node, text_column)) {
    out.append(node.raw.data() + 1, node.raw.size() - 2);
  } else {
    out.append(node.raw);
  }
}

void append_cell_value(std::string& out, std::string_view cell, bool text_column) {
  const char first = cell.front();
  if (first == '"' || first == '{' || first == '[' || (!text_column && is_bare_literal(cell))) {
    out.append(cell);
    return;
  }
  out.push_back('"');
  out.append(cell);
  out.push_back('"');
}

void append_segment(std::string& out, std::string_view key_raw) {
  const std::string_view inside = key_raw.substr(1, key_raw.size() - 2);
  const bool plain = !inside.empty() && inside.front() != ' ' && inside.back() != ' ' && inside.front() != '<' &&
                     std::ranges::all_of(inside, is_name_byte);
  out.append(plain ? inside : key_raw);
}

}  // namespace headroom::compress::json
