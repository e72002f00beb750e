#include "agents/edit/toml_lines.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_string.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

constexpr int kMaxDepth = 100;

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Reads one file from front to back. A function gives false after it has said why in refuse().
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  base::Result<std::vector<TomlStatement>> statements() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      skip_blanks();
      if (end_of_line()) continue;
      TomlStatement made;
      made.lines.begin = begin;
      if (!(peek() == '[' ? header(made) : assignment(made))) return error();
      skip_blanks();
      if (!end_of_line()) {
        refuse("more than one statement in a line");
        return error();
      }
      made.lines.end = at_;
      out_.push_back(std::move(made));
    }
    return std::move(out_);
  }

  base::Result<Tree> value_tree() {
    tree_.emplace_back();
    if (!value(0, 0)) return error();
    return std::move(tree_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  void skip_comment() {
    if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
  }
  /// Blanks, comments and newlines, inside of an array.
  void skip_lines() {
    while (true) {
      skip_blanks();
      skip_comment();
      if (peek() == '\r' && peek(1) == '\n') ++at_;
      if (!take('\n')) return;
    }
  }
  /// Takes the rest of a line, where nothing but a comment is left of it.
  bool end_of_line() {
    skip_comment();
    if (peek() == '\r' && peek(1) == '\n') ++at_;
    return at_ >= text_.size() || take('\n');
  }

  bool refuse(std::string_view why) {
    if (why_.empty()) why_ = why;
    return false;
  }
  std::unexpected<base::Error> error() const {
    const auto line = 1 + std::ranges::count(text_.substr(0, std::min(at_, text_.size())), '\n');
    return base::fail(ErrorCode::kParse, fmt::format("line {}: {}", line, why_.empty() ? "no TOML" : why_));
  }

  bool header(TomlStatement& made) {
    const bool array = peek(1) == '[';
    at_ += array ? 2 : 1;
    made.kind = array ? TomlStatement::Kind::kArrayTable : TomlStatement::Kind::kTable;
    if (!key(made.path)) return false;
    if (!take(']') || (array && !take(']'))) return refuse("a header that does not end");
    made.element = array ? out_.size() + 1 : element_above(made.path);
    table_ = made.path;
    element_ = made.element;
    return true;
  }

  /// Of a [table] below the last element of an array of tables.
  std::size_t element_above(const std::vector<std::string>& path) const {
    for (std::size_t i = out_.size(); i-- > 0;) {
      const TomlStatement& before = out_[i];
      if (before.kind != TomlStatement::Kind::kArrayTable || before.path.size() >= path.size()) continue;
      if (std::equal(before.path.begin(), before.path.end(), path.begin())) return i + 1;
    }
    return 0;
  }

  bool assignment(TomlStatement& made) {
    made.path = table_;
    made.element = element_;
    if (!key(made.path)) return false;
    if (!take('=')) return refuse("'=' is missing behind a name");
    skip_blanks();
    tree_.assign(1, {});
    if (!value(0, 0)) return false;
    made.value = tree_[0].span;
    return true;
  }

  /// Dotted names, with the blanks around them.
  bool key(std::vector<std::string>& path) {
    do {
      skip_blanks();
      std::string name;
      if (peek() == '"' || peek() == '\'') {
        if (!string(name)) return false;
      } else {
        while (is_bare(peek())) name += text_[at_++];
        if (name.empty()) return refuse("a name is missing");
      }
      path.push_back(std::move(name));
      skip_blanks();
    } while (take('.'));
    return true;
  }

  /// A string on one line; `out` is what it stands for.
  bool string(std::string& out) {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += text_[at_] == '\\' && quote == '"' ? 2 : 1;
    }
    if (at_ >= text_.size() || text_[at_] != quote) {
      at_ = std::min(begin, text_.size());
      return refuse("a string that does not end");
    }
    ++at_;
    const std::string_view literal = text_.substr(begin, at_ - begin);
    out = literal.substr(1, literal.size() - 2);
    if (quote == '"') {
      // Escapes that JSON does not have leave the literal's own text, which names nothing of ours.
      if (auto decoded = base::decode_json_string(literal)) out = *std::move(decoded);
    }
    return true;
  }

  bool long_string() {
    const std::string_view quotes = text_.substr(at_, 3);
    at_ += 3;
    while (at_ < text_.size() && !text_.substr(at_).starts_with(quotes)) {
      at_ += text_[at_] == '\\' && quotes[0] == '"' ? 2 : 1;
    }
    if (at_ >= text_.size()) return refuse("a string that does not end");
    at_ += 3;
    // Up to two quotes may stand before the three that end it.
    for (int more = 0; more < 2 && peek() == quotes[0]; ++more) ++at_;
    return true;
  }

  bool value(std::uint32_t node, int depth) {
    if (depth > kMaxDepth) return refuse("nested too deeply");
    tree_[node].span.begin = at_;
    bool good = true;
    if (text_.substr(at_).starts_with("\"\"\"") || text_.substr(at_).starts_with("'''")) {
      good = long_string();
    } else if (peek() == '"' || peek() == '\'') {
      tree_[node].kind = Node::Kind::kString;
      good = string(tree_[node].text);
    } else if (peek() == '[' || peek() == '{') {
      good = container(node, depth, peek() == '{');
    } else {
      while (is_bare(peek()) || peek() == '+' || peek() == '.' || peek() == ':' || (peek() == ' ' && time_follows()))
        ++at_;
      good = at_ > tree_[node].span.begin || refuse("a value is missing");
    }
    tree_[node].span.end = at_;
    return good;
  }

  /// "1979-05-27 07:32:00" is one value.
  bool time_follows() const {
    const auto digit = [&](std::size_t ahead) { return peek(ahead) >= '0' && peek(ahead) <= '9'; };
    return digit(1) && digit(2) && peek(3) == ':' && at_ > 0 && text_[at_ - 1] >= '0' && text_[at_ - 1] <= '9';
  }

  bool container(std::uint32_t node, int depth, bool table) {
    tree_[node].kind = table ? Node::Kind::kObject : Node::Kind::kArray;
    ++at_;
    while (true) {
      table ? skip_blanks() : skip_lines();
      if (take(table ? '}' : ']')) return true;
      if (!tree_[node].children.empty() && tree_[node].last_comma == 0) return refuse("a comma is missing");
      tree_[node].last_comma = 0;
      Node made;
      if (table) {
        std::vector<std::string> path;
        made.key_span.begin = at_;
        if (!key(path)) return false;
        made.key_span.end = at_;
        if (path.size() != 1) return refuse("a dotted name in an inline table");
        made.key = path[0];
        if (!take('=')) return refuse("'=' is missing behind a name");
        skip_blanks();
      }
      const auto child = static_cast<std::uint32_t>(tree_.size());
      tree_.push_back(std::move(made));
      tree_[node].children.push_back(child);
      if (!value(child, depth + 1)) return false;
      table ? skip_blanks() : skip_lines();
      if (take(',')) tree_[node].last_comma = at_;
    }
  }

  std::string_view text_;
  std::size_t at_;
  std::vector<TomlStatement> out_;
  std::vector<std::string> table_;
  std::size_t element_ = 0;
  Tree tree_;
  std::string why_;
};

}  // namespace

base::Result<std::vector<TomlStatement>> parse_toml_lines(std::string_view text) {
  return Scanner(text, 0).statements();
}

base::Result<Tree> parse_toml_value(std::string_view text, std::size_t at) {
  return Scanner(text, at).value_tree();
}

}  // namespace headroom::agents
