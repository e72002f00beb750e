#include "detect/code_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/string_list.h"
#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr auto kNpos = std::string_view::npos;

bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool name_char(char c) {
  return letter(c) || digit(c) || c == '_';
}

std::string_view name_at(std::string_view t) {
  std::size_t at = 0;
  while (at < t.size() && name_char(t[at])) ++at;
  return at > 0 && !digit(t[0]) ? t.substr(0, at) : std::string_view();
}

enum class Line : unsigned char { kOther, kWeak, kStrong };

/// "#include", "#define", "# if defined(X)".
bool is_preprocessor(std::string_view t) {
  static constexpr base::StringList kWords(std::to_array<std::string_view>(
      {"include", "define", "undef", "ifdef", "ifndef", "if", "endif", "pragma", "elif", "else"}));
  std::string_view rest = t.substr(1);
  if (rest.starts_with('[')) return false;
  if (rest.starts_with(' ')) rest = base::trim(rest);
  const std::string_view word = name_at(rest);
  if (!kWords.has(word)) return false;
  const std::string_view more = base::trim(rest.substr(word.size()));
  if (t[1] == ' ' && word == "if") return more.find("defined") != kNpos || more.find("__") != kNpos;
  if (word == "include") return more.starts_with('<') || more.starts_with('"');
  if (word == "else" || word == "endif") return more.empty() || more.starts_with('/');
  return !more.empty() && name_char(more[0] == '!' || more[0] == '(' ? 'x' : more[0]) && !more.ends_with('.');
}

/// Words that a line of a language begins with, and what else the line has to have.
bool begins_block(std::string_view word, std::string_view t, std::string_view rest) {
  static constexpr base::StringList kPython(std::to_array<std::string_view>(
      {"if", "elif", "for", "while", "with", "except", "else", "try", "class", "def", "async", "finally"}));
  if (t.ends_with(':') && kPython.has(word)) return rest.empty() || rest == ":" || rest[0] == ' ';
  static constexpr base::StringList kBraced(
      std::to_array<std::string_view>({"if", "else", "for", "while", "switch", "struct", "enum", "union", "impl",
                                       "namespace", "trait", "do", "try", "interface", "class", "proc"}));
  if (t.ends_with('{') && kBraced.has(word)) return true;
  static constexpr base::StringList kShell(std::to_array<std::string_view>({"if", "elif", "while"}));
  if ((t.ends_with("then") || t.ends_with("do")) && t.find(';') != kNpos && kShell.has(word)) return true;
  if (word == "if" && (rest.starts_with(" [ ") || rest.starts_with(" [[ ") || rest.starts_with(" test "))) return true;
  if (word == "for" && rest.find(" in ") != kNpos && (t.ends_with("do") || t.ends_with("; do"))) return true;
  return word == "case" && t.ends_with(" in") && t.find('$') != kNpos;
}

bool is_import(std::string_view word, std::string_view rest, std::string_view t) {
  if (word == "from") return rest.find(" import") != kNpos && rest.starts_with(' ');
  if (word == "import" || word == "use" || word == "package" || word == "require" || word == "using") {
    if (!rest.starts_with(' ') && !rest.starts_with('(')) return false;
    const std::string_view what = base::trim(rest);
    if (what.empty()) return false;
    if (t.ends_with(';') || what[0] == '"' || what[0] == '\'' || what[0] == '{' || what[0] == '(') return true;
    return word != "use" &&
           std::ranges::all_of(what, [](char c) { return name_char(c) || c == '.' || c == ',' || c == ' '; }) &&
           std::ranges::count(what, ' ') <= 2 && !t.ends_with('.');
  }
  return false;
}

/// "def f(x):", "func f(", "fn f<T>(", "function f", "sub f {", "class X:".
bool is_definition(std::string_view word, std::string_view rest, std::string_view t) {
  static constexpr base::StringList kFunctions(std::to_array<std::string_view>(
      {"def", "func", "fn", "function", "sub", "fun", "proc", "macro_rules", "function!"}));
  if (kFunctions.has(word) && (rest.starts_with(' ') || rest.starts_with('!'))) {
    const std::string_view what = base::trim(rest);
    return !name_at(what).empty() || what.starts_with('(') || what.starts_with(':');
  }
  static constexpr base::StringList kModifiers(std::to_array<std::string_view>(
      {"public",    "private",  "protected", "static",   "extern",   "typedef", "export", "pub",      "const",
       "constexpr", "inline",   "virtual",   "template", "unsigned", "signed",  "final",  "abstract", "override",
       "async",     "explicit", "friend",    "operator", "volatile", "let",     "var",    "local"}));
  if (kModifiers.has(word) && (rest.starts_with(' ') || rest.starts_with('<') || rest.starts_with('('))) {
    return t.find_first_of("(=;{<") != kNpos || t.ends_with(')') || t.ends_with("\\") ||
           (word == "local" && !t.ends_with('.')) || word == "typedef";
  }
  if (word == "class" || word == "struct" || word == "enum" || word == "type" || word == "trait" || word == "module" ||
      word == "namespace") {
    const std::string_view name = name_at(base::trim(rest));
    const std::string_view more = base::trim(base::trim(rest).substr(name.size()));
    return !name.empty() &&
           (more.empty() ? word == "module"
                         : std::string_view(":({<;").find(more[0]) != kNpos || more.starts_with("struct") ||
                               more.starts_with("interface") || more.starts_with("extends"));
  }
  return false;
}

/// Words that only statements of shells, CMake, Vim, SQL, Lua and Ruby are made of.
bool is_words_of_language(std::string_view word, std::string_view rest, std::string_view t) {
  static constexpr base::StringList kAlone(
      std::to_array<std::string_view>({"fi", "done", "esac", "endif", "endfunction", "end", "then", "endfor", "else",
                                       "endwhile", "pass", "break", "continue", "shift"}));
  const auto alone = [rest] {
    return rest.empty() || rest[0] == ';' || rest == "()" || rest.starts_with(" <") || rest.starts_with(" >") ||
           rest.starts_with(" |") || rest.starts_with(" 2>");
  };
  if (kAlone.has(word) && alone()) return true;
  static constexpr base::StringList kCmake(std::to_array<std::string_view>({"if",
                                                                            "else",
                                                                            "elseif",
                                                                            "endif",
                                                                            "foreach",
                                                                            "endforeach",
                                                                            "function",
                                                                            "endfunction",
                                                                            "macro",
                                                                            "endmacro",
                                                                            "set",
                                                                            "include",
                                                                            "message",
                                                                            "project",
                                                                            "list",
                                                                            "string",
                                                                            "file",
                                                                            "option",
                                                                            "install",
                                                                            "unset",
                                                                            "return",
                                                                            "while",
                                                                            "find_package",
                                                                            "find_library",
                                                                            "find_path",
                                                                            "find_program",
                                                                            "mark_as_advanced",
                                                                            "get_filename_component",
                                                                            "set_property",
                                                                            "add_library"}));
  if (rest.starts_with('(') && (t.ends_with(')') || t.find(')') == kNpos) && kCmake.has(word)) return true;
  if (word == "return" || word == "raise" || word == "throw" || word == "yield" || word == "assert" || word == "del") {
    if (rest.empty() || rest == ";") return true;
    return rest[0] == ' ' &&
           (t.ends_with(';') || t.find_first_of("()[]{}=\"'._$") != kNpos ||
            (std::ranges::count(rest, ' ') <= 1 && name_at(rest.substr(1)).size() == rest.size() - 1));
  }
  static constexpr base::StringList kShell(
      std::to_array<std::string_view>({"echo", "printf", "exit", "export", "trap", "eval", "exec", "unset"}));
  if (kShell.has(word) && rest.starts_with(' ')) return t.find_first_of("\"'$=") != kNpos || digit(t.back());
  if (word == "set" && (rest.starts_with(" -") || rest.starts_with(" +"))) return true;
  static constexpr base::StringList kSql(
      std::to_array<std::string_view>({"CREATE", "ALTER", "DROP", "SELECT", "INSERT", "GRANT", "UPDATE", "DELETE",
                                       "COMMENT", "RETURNS", "LANGUAGE", "REVOKE"}));
  static constexpr base::StringList kVim(
      std::to_array<std::string_view>({"syn", "syntax", "hi", "let", "autocmd", "command", "setlocal", "nnoremap"}));
  if (kVim.has(word) && rest.starts_with(' '))
    return rest.find(':') != kNpos || rest.find("link ") != kNpos || rest.find("match ") != kNpos ||
           rest.find("keyword ") != kNpos || rest.find("region ") != kNpos || rest.find('=') != kNpos;
  return kSql.has(word) && rest.starts_with(' ') && !t.ends_with('.') && !t.ends_with(':');
}

/// "name = value", "$name = ...", "NAME=$(...)", "x.y += 1", "a[i] = b".
bool is_assignment(std::string_view t) {
  std::size_t at = 0;
  if (t[0] == '$' || t[0] == '@' || t[0] == '*') ++at;
  static constexpr base::ByteSet kParts(".[]->:'\"$");
  while (at < t.size() && (name_char(t[at]) || kParts.has(t[at]))) ++at;
  if (at == 0) return false;
  std::size_t equal = at;
  while (equal < t.size() && t[equal] == ' ') ++equal;
  if (equal < t.size() && std::string_view("+-*/|&:^").find(t[equal]) != kNpos) ++equal;
  return equal < t.size() && t[equal] == '=' && equal + 1 < t.size() && t[equal + 1] != '=';
}

/// Without the comment behind a statement.
std::string_view without_remark(std::string_view t) {
  std::size_t at = kNpos;
  if (t.ends_with("*/")) at = t.rfind("/*");
  if (at == kNpos && t.find('/') != kNpos) at = std::min(t.find(" // "), t.find("\t// "));
  if (at == kNpos && t.find('#') != kNpos) at = t.find(" # ");
  const std::string_view rest = at == kNpos ? t : base::trim(t.substr(0, at));
  return rest.empty() ? t : rest;
}

Line look(std::string_view t) {
  if (t[0] == '#') return is_preprocessor(t) ? Line::kStrong : Line::kOther;
  if (t[0] == '@' && t.size() > 2 && letter(t[1]) && t.find(' ') > t.find('(')) return Line::kStrong;
  if (t[0] == '@' && name_at(t.substr(1)).size() + 1 == t.size()) return Line::kStrong;
  if (t[0] == '}' && (t == "} else {" || t.starts_with("} catch") || t.starts_with("} else if"))) return Line::kStrong;
  if (t == ";;") return Line::kStrong;
  if (t[0] == '<' || t[0] == '|') return Line::kOther;
  const std::string_view word = name_at(t);
  const std::string_view rest = t.substr(word.size());
  if (!word.empty()) {
    if (begins_block(word, t, rest) || is_import(word, rest, t) || is_definition(word, rest, t) ||
        is_words_of_language(word, rest, t))
      return Line::kStrong;
  }
  static constexpr base::StringList kNames(std::to_array<std::string_view>({"self.", "this.", "my $", "std::"}));
  if (kNames.starts(t)) return Line::kStrong;
  const char last = t.back();
  const bool call = t.find('(') != kNpos;
  if (last == '{' && (t.ends_with(") {") || t.ends_with("=> {") || t.ends_with("() {"))) return Line::kStrong;
  const bool assigns = is_assignment(t);
  if (last == ';' && (call || assigns || t.find("->") != kNpos || t.find("::") != kNpos)) return Line::kStrong;
  if (assigns && (t.find("$(") != kNpos || t.find("=$") != kNpos || t.find("=\"$") != kNpos || t.find(":=") != kNpos ||
                  (t.find(" = ") != kNpos && (call || t.find("= [") != kNpos))))
    return Line::kStrong;
  if (last == '}' && t.find('{') < t.find(';') && t.find(';') != kNpos && t.find(':') != kNpos) return Line::kStrong;
  // What goes on from the line above, or ends it.
  static constexpr base::ByteSet kOpenEnds(",;({[\\)}]");
  static constexpr base::StringList kJoints(std::to_array<std::string_view>({"or ", "and ", "&& ", "|| "}));
  if (kOpenEnds.has(last) || assigns || kJoints.starts(t) || t[0] == '.') return Line::kWeak;
  if (last == '&'   ? t.ends_with("&&")
      : last == '|' ? t.ends_with("||") || t.ends_with(" |")
                    : t.ends_with(" or") || t.ends_with(" and"))
    return Line::kWeak;
  if (call && !word.empty() && (rest[0] == '(' || rest[0] == '.')) return Line::kWeak;
  if ((t[0] == '"' || t[0] == '\'') && last == t[0]) return Line::kWeak;
  return t.find('$') != kNpos && std::ranges::count(t, ' ') <= 6 ? Line::kWeak : Line::kOther;
}

/// Follows comments and texts between triple quotes from line to line.
class Remarks {
 public:
  /// The line is part of one.
  bool covers(std::string_view t) {
    if (!end_.empty()) {
      if (t.find(end_) != kNpos) end_ = {};
      return true;
    }
    std::string_view quoted = t;
    while (!quoted.empty() && letter(quoted[0]) && t.size() - quoted.size() < 2) quoted.remove_prefix(1);
    if (quoted.starts_with(R"(""")")) return open(R"(""")", quoted.substr(3));
    if (quoted.starts_with("'''")) return open("'''", quoted.substr(3));
    switch (t[0]) {
      case '/':
        return t.starts_with("/*") ? open("*/", t.substr(2)) : t.starts_with("//");
      case '=':
        return kPod.starts(t) && open("=cut", {});
      case '-':
        return t.starts_with("-- ") || t == "--";
      case ';':
        return t.starts_with(";;");
      case '*':
        return t.starts_with("*/") || t == "*" || (t.starts_with("* ") && block_);
      case '"':
        return t.starts_with("\" ") && std::ranges::count(t, '"') % 2 == 1;  // Vim's
      case '#':
        return t.starts_with("#[=") ? open("]=", t.substr(3)) : !is_preprocessor(t) && !t.starts_with("#[");
      default:
        return false;
    }
  }

 private:
  static constexpr base::StringList kPod{std::to_array<std::string_view>({"=head", "=pod", "=over", "=encoding"})};

  bool open(std::string_view end, std::string_view rest) {
    block_ = block_ || end == "*/";
    if (rest.find(end) == kNpos) end_ = end;
    return true;
  }

  std::string_view end_;
  bool block_ = false;
};

}  // namespace

bool opens_as_script(std::string_view text) {
  if (!text.starts_with("#!")) return false;
  static constexpr base::StringList kInterpreters(
      std::to_array<std::string_view>({"sh", "bash", "dash", "zsh", "ksh", "fish", "python", "perl", "ruby", "node",
                                       "php", "awk", "sed", "tclsh", "lua", "env"}));
  std::string_view line = base::trim(text.substr(2, text.find('\n') - 2));
  line = line.substr(0, line.find(' '));
  std::string_view name = line.substr(line.rfind('/') + 1);
  while (!name.empty() && (digit(name.back()) || name.back() == '.')) name.remove_suffix(1);
  return line.starts_with('/') && kInterpreters.has(name);
}

std::optional<Detection> code_shape(std::span<const std::string_view> lines, bool quotes) {
  Remarks remarks;
  std::size_t n = 0, strong = 0, weak = 0, remark = 0, markup = 0;
  for (const std::string_view line : lines) {
    const std::string_view t = base::trim(line);
    if (t.empty()) continue;
    if (t.starts_with("```")) return std::nullopt;  // a document that quotes code
    if (remarks.covers(t)) {
      ++remark;
      continue;
    }
    ++n;
    const Line kind = look(without_remark(t.substr(0, 400)));
    strong += kind == Line::kStrong;
    weak += kind == Line::kWeak;
    markup += t[0] == '<' && t.back() == '>';
  }
  if (n < 2 || markup * 3 > n) return std::nullopt;
  const double share = static_cast<double>(strong + weak) / static_cast<double>(n);
  const bool enough = strong >= 3 ? strong * (share > 0.9 ? 12 : 6) >= n : strong >= 2 && n <= 6;
  const double least = quotes ? 0.85 : remark > 0 ? 0.7 : 0.75;
  if (!enough || share < least) return std::nullopt;
  return Detection{ContentType::kCode, 0.7,
                   fmt::format("{} of {} lines are statements, {} are comments", strong + weak, n, remark)};
}

}  // namespace headroom::detect
