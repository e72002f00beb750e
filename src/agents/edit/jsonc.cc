#include "agents/edit/jsonc.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/utf8.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

constexpr int kMaxDepth = 200;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_number_char(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// JSON's own grammar of numbers, so that what is handed out as JSON is.
bool is_number(std::string_view text) {
  const auto digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<Tree> parse() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    skip();
    if (at_ >= text_.size()) return base::fail(ErrorCode::kNotFound, "the file is empty");
    tree_.emplace_back();
    if (!value(0, 0)) return error();
    skip();
    if (at_ < text_.size()) {
      refuse("more than one value");
      return error();
    }
    return std::move(tree_);
  }

 private:
  void skip() { at_ = skip_jsonc_space(text_, at_); }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool refuse(std::string_view why) {
    if (why_.empty()) why_ = why;
    return false;
  }
  std::unexpected<base::Error> error() const {
    const auto line = 1 + std::ranges::count(text_.substr(0, std::min(at_, text_.size())), '\n');
    return base::fail(ErrorCode::kParse, fmt::format("line {}: {}", line, why_.empty() ? "no JSON" : why_));
  }

  bool value(std::uint32_t node, int depth) {
    if (depth > kMaxDepth) return refuse("nested too deeply");
    tree_[node].span.begin = at_;
    const char first = peek();
    bool good = false;
    if (first == '{' || first == '[') {
      good = container(node, depth, first == '{');
    } else if (first == '"' || first == '\'') {
      tree_[node].kind = Node::Kind::kString;
      good = string(tree_[node].text);
    } else {
      good = word();
    }
    tree_[node].span.end = at_;
    return good;
  }

  bool word() {
    const std::size_t begin = at_;
    while (is_number_char(peek()) || (peek() != '\0' && is_name_char(peek()))) ++at_;
    const std::string_view found = text_.substr(begin, at_ - begin);
    if (found == "true" || found == "false" || found == "null" || is_number(found)) return true;
    at_ = begin;
    return refuse("a value is missing, or of an unknown form");
  }

  bool string(std::string& out) {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return refuse("a string that does not end");
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    if (at_ >= text_.size()) {
      at_ = begin;
      return refuse("a string that does not end");
    }
    ++at_;
    std::string literal(text_.substr(begin, at_ - begin));
    if (quote == '\'') literal = in_double_quotes(literal);
    auto decoded = base::decode_json_string(literal);
    if (!decoded || !base::is_utf8(*decoded)) return refuse("a string with characters that it may not have");
    out = *std::move(decoded);
    return true;
  }

  static std::string in_double_quotes(std::string_view literal) {
    std::string out = "\"";
    const std::string_view inside = literal.substr(1, literal.size() - 2);
    for (std::size_t i = 0; i < inside.size(); ++i) {
      if (inside[i] == '\\' && i + 1 < inside.size() && inside[i + 1] == '\'')
        ++i;
      else if (inside[i] == '\\' && i + 1 < inside.size())
        out += inside[i++];
      else if (inside[i] == '"')
        out += '\\';
      out += inside[i];
    }
    return out + '"';
  }

  bool key(Node& node) {
    node.key_span.begin = at_;
    if (peek() == '"' || peek() == '\'') {
      if (!string(node.key)) return false;
    } else {
      const std::size_t begin = at_;
      while (peek() != '\0' && is_name_char(peek())) ++at_;
      if (at_ == begin) return refuse("a name is missing");
      node.key = text_.substr(begin, at_ - begin);
      if (!base::is_utf8(node.key)) return refuse("a name that is no text");
    }
    node.key_span.end = at_;
    skip();
    if (!take(':')) return refuse("':' is missing behind a name");
    skip();
    return true;
  }

  bool container(std::uint32_t node, int depth, bool object) {
    tree_[node].kind = object ? Node::Kind::kObject : Node::Kind::kArray;
    ++at_;
    while (true) {
      skip();
      if (take(object ? '}' : ']')) return true;
      if (!tree_[node].children.empty() && tree_[node].last_comma == 0) return refuse("a comma is missing");
      tree_[node].last_comma = 0;
      const auto child = static_cast<std::uint32_t>(tree_.size());
      Node made;
      if (object && !key(made)) return false;
      tree_.push_back(std::move(made));
      tree_[node].children.push_back(child);
      if (!value(child, depth + 1)) return false;
      skip();
      if (take(',')) tree_[node].last_comma = at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Tree tree_;
  std::string why_;
};

}  // namespace

base::Result<Tree> parse_jsonc(std::string_view text) {
  return Parser(text).parse();
}

std::size_t skip_jsonc_space(std::string_view text, std::size_t at, bool one_line) {
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && !one_line)) {
      ++at;
    } else if (text.substr(at).starts_with("//")) {
      at = std::min(text.find('\n', at), text.size());
      if (one_line) return at;
    } else if (text.substr(at).starts_with("/*")) {
      const std::size_t end = text.find("*/", at + 2);
      if (end == std::string_view::npos) return at;
      if (one_line && text.substr(at, end - at).contains('\n')) return at;
      at = end + 2;
    } else {
      break;
    }
  }
  return at;
}

std::string strict_json(const Tree& tree, std::string_view text, std::uint32_t index) {
  const Node& node = tree[index];
  if (node.kind == Node::Kind::kScalar) return std::string(text.substr(node.span.begin, node.span.size()));
  if (node.kind == Node::Kind::kString) return base::encode_json_string(node.text);
  const bool object = node.kind == Node::Kind::kObject;
  std::string out = object ? "{" : "[";
  for (const std::uint32_t child : node.children) {
    if (out.size() > 1) out += ',';
    if (object) out += base::encode_json_string(tree[child].key) + ":";
    out += strict_json(tree, text, child);
  }
  return out + (object ? '}' : ']');
}

}  // namespace headroom::agents
