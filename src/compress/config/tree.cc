#include "compress/config/tree.h"

#include <algorithm>

#include "base/text.h"

namespace headroom::compress::config {
namespace {

enum class Shape : std::uint8_t { kIndented, kSections, kBraces };

bool is_comment(std::string_view t) {
  return t.starts_with('#') || t.starts_with("//") || t.starts_with(';') || t.starts_with("/*") ||
         t.starts_with("*/") || (t.starts_with("* ") || t == "*") || t.starts_with("<!--") || t.starts_with("! ");
}

bool is_section(std::string_view t) {
  return t.size() > 2 && t.front() == '[' && t.find(']') != std::string_view::npos &&
         t.find(',') == std::string_view::npos &&
         (t.back() == ']' ||
          t.substr(t.rfind(']') + 1).find_first_not_of(" \t") == t.substr(t.rfind(']') + 1).find('#'));
}

bool opens(std::string_view t) {
  return t.ends_with('{') ||
         (t.starts_with('<') && t.ends_with('>') && !t.starts_with("</") && t.size() > 2 && t[1] >= 'A' && t[1] <= 'Z');
}
bool closes(std::string_view t) {
  return t.starts_with('}') || t.starts_with("</");
}

Shape shape_of(const std::vector<std::string_view>& lines) {
  std::size_t sections = 0;
  std::size_t braces = 0;
  std::size_t yaml = 0;
  std::size_t seen = 0;
  for (std::string_view line : lines) {
    const std::string_view t = base::trim(line);
    if (t.empty() || is_comment(t)) continue;
    if (++seen > 2000) break;
    sections += is_section(t) && line.front() == '[';
    braces += closes(t);
    yaml += t.ends_with(':') || t.starts_with("- ") || t.find(": ") != std::string_view::npos || t == "---";
  }
  if (braces * 12 > seen && yaml * 2 < seen) return Shape::kBraces;
  if (sections > 0 && yaml * 2 < seen) return Shape::kSections;
  return Shape::kIndented;
}

/// Splits "key: value", "key = value", "key=value", "Key value".
void split_entry(std::string_view t, Line& line) {
  if (t.size() > 1 && (t.front() == '"' || t.front() == '\'')) {
    const std::size_t close = t.find(t.front(), 1);
    if (close != std::string_view::npos && close + 1 < t.size() && t[close + 1] == ':') {
      line.key = t.substr(0, close + 1);
      line.value = base::trim(t.substr(close + 2));
      return;
    }
  }
  std::size_t at = 0;
  for (; at < t.size(); ++at) {
    const char c = t[at];
    if (c == '=' || (c == ':' && (at + 1 == t.size() || t[at + 1] == ' ' || t[at + 1] == '\t'))) break;
    if (c == '"' || c == '\'' || c == '{' || c == '[' || c == '(') {
      at = t.size();
      break;
    }
  }
  if (at < t.size() && at > 0) {
    line.key = base::trim(t.substr(0, at));
    line.value = base::trim(t.substr(at + 1));
    return;
  }
  const std::size_t space = t.find_first_of(" \t");
  if (space != std::string_view::npos && !line.item) {
    line.key = t.substr(0, space);
    line.value = base::trim(t.substr(space));
  } else if (line.item) {
    line.value = t;
  } else {
    line.key = t;
  }
}

bool opens_scalar(std::string_view value) {
  if (value.empty() || (value.front() != '|' && value.front() != '>')) return false;
  return value.find_first_not_of("|>+-0123456789") == std::string_view::npos ||
         value.find(" #") != std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    const std::vector<std::string_view> lines = base::split_lines(text);
    shape_ = shape_of(lines);
    tree_.lines.resize(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) tree_.lines[i].text = lines[i];
    tree_.final_newline = text.ends_with('\n');
  }

  Tree run() {
    tree_.documents.push_back(0);
    for (std::uint32_t i = 0; i < tree_.lines.size(); ++i) read(i);
    close_above(-1, static_cast<std::uint32_t>(tree_.lines.size()));
    return std::move(tree_);
  }

 private:
  struct Open {
    std::uint32_t line;
    std::int64_t column;  ///< twice the indentation, plus one for a list item
  };

  /// Ends blocks whose heads stand at `column` or further right, before line `at`.
  void close_above(std::int64_t column, std::uint32_t at) {
    while (!stack_.empty() && stack_.back().column >= column) {
      // Blank lines and comments in front of what follows belong to that.
      std::uint32_t end = at;
      while (end > stack_.back().line + 1 &&
             (tree_.lines[end - 1].kind == Kind::kBlank || tree_.lines[end - 1].kind == Kind::kComment))
        --end;
      tree_.lines[stack_.back().line].end = end;
      stack_.pop_back();
    }
  }

  void read(std::uint32_t i) {
    Line& line = tree_.lines[i];
    line.end = i + 1;
    line.document = static_cast<std::uint32_t>(tree_.documents.size() - 1);
    std::string_view t = base::trim(line.text);
    const std::size_t indent = line.text.find_first_not_of(" \t");
    if (scalar_ != kNone) {
      if (t.empty() || indent > scalar_indent_) {
        line.kind = t.empty() ? Kind::kBlank : Kind::kScalar;
        line.value = t;
        line.parent = scalar_;
        return;
      }
      tree_.lines[scalar_].end = i;
      scalar_ = kNone;
    }
    if (t.empty()) return;
    if (shape_ == Shape::kIndented && (line.text.starts_with("---") || t == "...")) {
      close_above(-1, i);
      line.kind = Kind::kMark;
      if (i > 0 && line.text.starts_with("---")) {
        bool empty = true;  // nothing but comments above the first mark: that is no document
        for (std::uint32_t k = tree_.documents.back(); k < i && empty; ++k)
          empty = tree_.lines[k].kind == Kind::kBlank || tree_.lines[k].kind == Kind::kComment;
        if (!empty) {
          tree_.documents.push_back(i);
          ++line.document;
        }
      }
      return;
    }
    if (is_comment(t)) {
      line.kind = Kind::kComment;
      return;
    }
    line.kind = Kind::kEntry;
    if (shape_ == Shape::kBraces) return read_braced(i, t);
    if (shape_ == Shape::kSections) return read_section(i, t, indent);
    read_indented(i, t, indent);
  }

  void read_braced(std::uint32_t i, std::string_view t) {
    Line& line = tree_.lines[i];
    if (closes(t)) {
      line.kind = Kind::kClose;
      if (!stack_.empty()) {
        tree_.lines[stack_.back().line].end = i + 1;
        line.parent = stack_.back().line;
        stack_.pop_back();
      }
      if (!opens(t)) return;
    }
    if (!stack_.empty()) line.parent = stack_.back().line;
    split_entry(t, line);
    if (opens(t)) {
      line.key = t;
      line.value = {};
      stack_.push_back({i, static_cast<std::int64_t>(stack_.size())});
    }
  }

  void read_section(std::uint32_t i, std::string_view t, std::size_t indent) {
    Line& line = tree_.lines[i];
    if (indent == 0 && is_section(t)) {
      close_above(-1, i);
      line.key = t;
      stack_.push_back({i, 0});
      return;
    }
    if (!stack_.empty()) line.parent = stack_.back().line;
    if (indent > 0 && t.find('=') == std::string_view::npos) {  // a value that goes on
      line.kind = Kind::kScalar;
      line.value = t;
      return;
    }
    split_entry(t, line);
  }

  void read_indented(std::uint32_t i, std::string_view t, std::size_t indent) {
    Line& line = tree_.lines[i];
    line.item = t.starts_with("- ") || t == "-";
    const auto column = static_cast<std::int64_t>(2 * indent) + (line.item ? 1 : 0);
    close_above(column, i);
    if (!stack_.empty()) line.parent = stack_.back().line;
    if (line.item) {
      const std::size_t body = t.find_first_not_of(' ', 1);
      t = body == std::string_view::npos ? std::string_view{} : t.substr(body);
    }
    split_entry(t, line);
    if (opens_scalar(line.value)) {
      scalar_ = i;
      scalar_indent_ = line.item && !line.key.empty() ? indent + 1 : indent;
    }
    stack_.push_back({i, column});
  }

  Tree tree_;
  Shape shape_ = Shape::kIndented;
  std::vector<Open> stack_;
  std::uint32_t scalar_ = kNone;  ///< the line whose value goes on below it
  std::size_t scalar_indent_ = 0;
};

}  // namespace

Tree read_tree(std::string_view text) {
  return Reader(text).run();
}

}  // namespace headroom::compress::config
