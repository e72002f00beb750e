#include "agents/edit/yaml.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/utf8.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

constexpr int kMaxDepth = 100;

/// A line that says something. `begin` is behind the indentation (and behind the "- " of the lists it opens).
struct Line {
  std::size_t begin = 0;   ///< of the part that is still to be read
  std::size_t end = 0;     ///< behind the last byte that is no blank, comment or newline
  std::size_t next = 0;    ///< of the line after it
  std::size_t indent = 0;  ///< column of `begin`
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<Tree> parse() {
    if (!split()) return error();
    if (lines_.empty()) return base::fail(ErrorCode::kNotFound, "the file is empty");
    tree_.emplace_back();
    if (!block(0, lines_[0].indent, 0)) return error();
    if (at_ < lines_.size()) {
      refuse("an indentation that fits nothing above");
      return error();
    }
    return std::move(tree_);
  }

 private:
  bool refuse(std::string_view why) {
    if (why_.empty()) why_ = why;
    return false;
  }
  std::unexpected<base::Error> error() const {
    const std::size_t begin = at_ < lines_.size() ? lines_[at_].begin : text_.size();
    const auto line = 1 + std::ranges::count(text_.substr(0, begin), '\n');
    return base::fail(ErrorCode::kParse, fmt::format("line {}: {}", line, why_.empty() ? "no YAML" : why_));
  }

  /// All lines with content. What a line is not (part of a longer text) is found out when it is read.
  bool split() {
    std::size_t at = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    bool first = true;
    // Where a value goes on below, lines with more indentation than this are of it, comments by their looks as well.
    std::optional<std::size_t> goes_on;
    while (at < text_.size()) {
      const std::size_t newline = std::min(text_.find('\n', at), text_.size());
      Line line;
      line.next = std::min(newline + 1, text_.size());
      line.begin = std::min(text_.find_first_not_of(' ', at), newline);
      line.indent = line.begin - at;
      line.end = newline;
      while (line.end > line.begin && is_blank(text_[line.end - 1])) --line.end;
      const std::string_view content = text_.substr(line.begin, line.end - line.begin);
      at = line.next;
      if (content.empty()) continue;
      if (goes_on && line.indent > *goes_on) {
        lines_.push_back(line);
        continue;
      }
      if (content[0] == '#') continue;
      goes_on = below(content, line.indent);
      if (line.indent == 0 && (content == "---" || content == "..." || content[0] == '%')) {
        if (first && content == "---") {
          first = false;
          continue;
        }
        lines_.push_back(line);
        at_ = lines_.size() - 1;
        return refuse("several documents, or directives");
      }
      first = false;
      lines_.push_back(line);
    }
    return true;
  }

  /// The column of the name or dash whose value, of a line with this content, has lines below in which # begins no
  /// comment; nullopt when it has not.
  static std::optional<std::size_t> below(std::string_view content, std::size_t column) {
    std::size_t owner = column;
    while (is_item(content)) {
      owner = column;
      const std::size_t more = std::min(content.find_first_not_of(' ', 1), content.size());
      content.remove_prefix(more);
      column += more;
    }
    if (const std::size_t end = key_end(content); end != std::string_view::npos) {
      owner = column;
      content.remove_prefix(std::min(content.find_first_not_of(" \t", end + 1), content.size()));
    }
    // A tag or an anchor may stand before the value.
    while (content.starts_with('!') || content.starts_with('&')) {
      content.remove_prefix(std::min(content.find_first_of(" \t"), content.size()));
      content.remove_prefix(std::min(content.find_first_not_of(" \t"), content.size()));
    }
    if (content.starts_with('|') || content.starts_with('>')) return owner;
    if (!content.starts_with('"') && !content.starts_with('\'')) return std::nullopt;
    const bool open = quoted_end(std::string(content) + ' ') > content.size();
    return open ? std::optional(owner) : std::nullopt;
  }

  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  std::string_view content(const Line& line) const { return text_.substr(line.begin, line.end - line.begin); }
  static bool is_item(std::string_view content) { return content == "-" || content.starts_with("- "); }

  /// The mapping or list whose lines begin at this column.
  bool block(std::uint32_t node, std::size_t indent, int depth) {
    if (depth > kMaxDepth) return refuse("nested too deeply");
    tree_[node].block = true;
    tree_[node].span.begin = lines_[at_].begin;
    const bool list = is_item(content(lines_[at_]));
    tree_[node].kind = list ? Node::Kind::kArray : Node::Kind::kObject;
    while (at_ < lines_.size() && lines_[at_].indent == indent) {
      if (content(lines_[at_]).starts_with('\t')) return refuse("a tab as indentation");
      if (is_item(content(lines_[at_])) != list) {
        if (list) break;
        return refuse("a list item among names");
      }
      const auto child = static_cast<std::uint32_t>(tree_.size());
      tree_.emplace_back();
      tree_[node].children.push_back(child);
      if (!(list ? item(child, indent, depth) : member(child, indent, depth))) return false;
    }
    tree_[node].span.end = end_;
    return true;
  }

  bool item(std::uint32_t node, std::size_t indent, int depth) {
    Line& line = lines_[at_];
    tree_[node].key_span = {line.begin, line.begin + 1};  // the dash
    std::size_t begin = line.begin + 1;
    while (begin < line.end && text_[begin] == ' ') ++begin;
    if (begin < line.end && text_[begin] != '#') {
      line.indent += begin - line.begin;
      line.begin = begin;
      if (is_item(content(line)) || key_end(content(line)) != std::string_view::npos) {
        return block(node, line.indent, depth + 1);
      }
      return inline_value(node, indent);
    }
    return value_below(node, indent, false, depth);
  }

  /// Length of the name that a text begins with, quotes included; npos when no name with a colon stands there.
  static std::size_t key_end(std::string_view content) {
    std::size_t end = 0;
    if (content.starts_with('"') || content.starts_with('\'')) {
      end = quoted_end(content);
    } else {
      if (content.empty() || std::string_view("[]{}&*!|>%@`?#,").contains(content[0])) return std::string_view::npos;
      while (end < content.size() &&
             !(content[end] == ':' && (end + 1 == content.size() || is_blank(content[end + 1])))) {
        if (content[end] == '#' && end > 0 && is_blank(content[end - 1])) return std::string_view::npos;
        ++end;
      }
    }
    if (end >= content.size() || content[end] != ':') return std::string_view::npos;
    return end + 1 == content.size() || is_blank(content[end + 1]) ? end : std::string_view::npos;
  }

  /// Behind the closing quote; the text's size when there is none.
  static std::size_t quoted_end(std::string_view content) {
    const char quote = content[0];
    std::size_t end = 1;
    while (end < content.size()) {
      if (content[end] == '\\' && quote == '"') {
        end += 2;
      } else if (content[end] == quote) {
        if (quote != '\'' || end + 1 >= content.size() || content[end + 1] != '\'') return end + 1;
        end += 2;
      } else {
        ++end;
      }
    }
    return content.size();
  }

  bool unquote(std::string_view literal, std::string& out) {
    if (literal.starts_with('\'')) {
      for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
        if (literal[i] == '\'') ++i;
        out += literal[i];
      }
    } else if (literal.starts_with('"')) {
      auto decoded = base::decode_json_string(literal);
      if (!decoded) return refuse("a string with escapes that JSON does not have");
      out = *std::move(decoded);
    } else {
      out = literal;
    }
    return base::is_utf8(out) || refuse("a string that is no UTF-8");
  }

  bool member(std::uint32_t node, std::size_t indent, int depth) {
    Line& line = lines_[at_];
    const std::size_t end = key_end(content(line));
    if (end == std::string_view::npos) return refuse("a line that is no 'name: value'");
    tree_[node].key_span = {line.begin, line.begin + end};
    std::string_view literal = content(line).substr(0, end);
    while (!literal.empty() && is_blank(literal.back())) literal.remove_suffix(1);
    if (!unquote(literal, tree_[node].key)) return false;
    std::size_t begin = line.begin + end + 1;
    while (begin < line.end && is_blank(text_[begin])) ++begin;
    line.begin = begin;
    if (begin < line.end && text_[begin] != '#') return inline_value(node, indent);
    return value_below(node, indent, true, depth);
  }

  /// Nothing stands behind the colon or dash: the lines below with more indentation (or, below a name, a list at the
  /// same one), or null.
  bool value_below(std::uint32_t node, std::size_t indent, bool list_may_stand_level, int depth) {
    const std::size_t empty = tree_[node].key_span.end + (list_may_stand_level ? 1 : 0);
    tree_[node].span = {empty, empty};
    end_ = empty;
    ++at_;
    if (at_ >= lines_.size()) return true;
    const Line& below = lines_[at_];
    const bool level = list_may_stand_level && below.indent == indent && is_item(content(below));
    if (below.indent <= indent && !level) return true;
    return block(node, below.indent, depth + 1);
  }

  /// A value that begins on the line of its name or dash.
  bool inline_value(std::uint32_t node, std::size_t indent) {
    const Line line = lines_[at_];
    const std::string_view rest = content(line);
    const bool quoted = rest[0] == '"' || rest[0] == '\'';
    std::size_t end = quoted ? quoted_end(rest) : rest.size();
    if (!quoted) {
      for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '#' && is_blank(rest[i - 1])) {
          end = i;
          break;
        }
      }
      while (end > 0 && is_blank(rest[end - 1])) --end;
    }
    const std::string_view literal = rest.substr(0, end);
    tree_[node].span = {line.begin, line.begin + end};
    end_ = line.begin + end;
    ++at_;
    // Lines with more indentation go on with it; what a comment line in there is, cannot be told.
    bool longer = false;
    while (at_ < lines_.size() && lines_[at_].indent > indent) {
      longer = true;
      end_ = lines_[at_].end;
      ++at_;
    }
    if (longer) {
      tree_[node].span.end = end_;
      tree_[node].kind = Node::Kind::kScalar;
      return true;
    }
    return scalar(node, literal, quoted, rest.substr(end));
  }

  bool scalar(std::uint32_t node, std::string_view literal, bool quoted, std::string_view behind) {
    Node& made = tree_[node];
    if (literal == "{}" || literal == "[]") {
      made.kind = literal == "{}" ? Node::Kind::kObject : Node::Kind::kArray;
      return true;
    }
    if (quoted) {
      while (!behind.empty() && is_blank(behind[0])) behind.remove_prefix(1);
      if (literal.size() < 2 || literal.back() != literal[0] || (!behind.empty() && behind[0] != '#')) {
        --at_;
        return refuse("a string that does not end");
      }
      made.kind = Node::Kind::kString;
      return unquote(literal, made.text);
    }
    if (std::string_view("[{&*!|>%@`").contains(literal[0])) return true;
    if (is_word_or_number(literal)) return true;
    made.kind = Node::Kind::kString;
    return unquote(literal, made.text);
  }

  static bool is_word_or_number(std::string_view text) {
    for (const std::string_view word :
         {"true", "false", "null", "~", "True", "False", "Null", "TRUE", "FALSE", "NULL"}) {
      if (text == word) return true;
    }
    if (text[0] == '-') text.remove_prefix(1);
    return !text.empty() && text[0] >= '0' && text[0] <= '9' &&
           text.find_first_not_of("0123456789.") == std::string_view::npos && std::ranges::count(text, '.') <= 1 &&
           !text.ends_with('.') && (text.size() == 1 || text[0] != '0' || text[1] == '.');
  }

  std::string_view text_;
  std::vector<Line> lines_;
  std::size_t at_ = 0;   ///< the line to read next
  std::size_t end_ = 0;  ///< behind the value that was read last
  Tree tree_;
  std::string why_;
};

}  // namespace

base::Result<Tree> parse_yaml(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace headroom::agents
