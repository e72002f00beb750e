#include "detect/code_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/byte_set.h"
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

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

enum class Line : unsigned char { kOther, kWeak, kStrong };

/// "#include", "#define", "# if defined(X)".
bool is_preprocessor(std::string_view t) {
  static constexpr std::array<std::string_view, 10> kWords = {"include", "define", "undef",  "ifdef", "ifndef",
                                                              "if",      "endif",  "pragma", "elif",  "else"};
  std::string_view rest = t.substr(1);
  if (rest.starts_with('[')) return false;
  if (rest.starts_with(' ')) rest = base::trim(rest);
  const std::string_view word = name_at(rest);
  if (!is_one_of(kWords, word)) return false;
  const std::string_view more = base::trim(rest.substr(word.size()));
  if (t[1] == ' ' && word == "if") return more.find("defined") != kNpos || more.find("__") != kNpos;
  if (word == "include") return more.starts_with('<') || more.starts_with('"');
  if (word == "else" || word == "endif") return more.empty() || more.starts_with('/');
  return !more.empty() && name_char(more[0] == '!' || more[0] == '(' ? 'x' : more[0]) && !more.ends_with('.');
}

/// Words that a line of a language begins with, and what else the line has to have.
bool begins_block(std::string_view word, std::string_view t, std::string_view rest) {
  static constexpr std::array<std::string_view, 12> kPython = {"if",   "elif", "for",   "while", "with",  "except",
                                                               "else", "try",  "class", "def",   "async", "finally"};
  if (t.ends_with(':') && is_one_of(kPython, word)) return rest.empty() || rest == ":" || rest[0] == ' ';
  static constexpr std::array<std::string_view, 16> kBraced = {
      "if",   "else",      "for",   "while", "switch", "struct",    "enum",  "union",
      "impl", "namespace", "trait", "do",    "try",    "interface", "class", "proc"};
  if (t.ends_with('{') && is_one_of(kBraced, word)) return true;
  static constexpr std::array<std::string_view, 3> kShell = {"if", "elif", "while"};
  if ((t.ends_with("then") || t.ends_with("do")) && t.find(';') != kNpos && is_one_of(kShell, word)) return true;
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
  static constexpr std::array<std::string_view, 9> kFunctions = {"def", "func", "fn",          "function", "sub",
                                                                 "fun", "proc", "macro_rules", "function!"};
  if (is_one_of(kFunctions, word) && (rest.starts_with(' ') || rest.starts_with('!'))) {
    const std::string_view what = base::trim(rest);
    return !name_at(what).empty() || what.starts_with('(') || what.starts_with(':');
  }
  static constexpr std::array<std::string_view, 26> kModifiers = {
      "public",    "private",  "protected", "static",   "extern",   "typedef", "export", "pub",      "const",
      "constexpr", "inline",   "virtual",   "template", "unsigned", "signed",  "final",  "abstract", "override",
      "async",     "explicit", "friend",    "operator", "volatile", "let",     "var",    "local"};
  if (is_one_of(kModifiers, word) && (rest.starts_with(' ') || rest.starts_with('<') || rest.starts_with('('))) {
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
  static constexpr std::array<std::string_view, 14> kAlone = {"fi",   "done",  "esac",     "endif", "endfunction",
                                                              "end",  "then",  "endfor",   "else",  "endwhile",
                                                              "pass", "break", "continue", "shift"};
  const bool alone = rest.empty() || rest[0] == ';' || rest == "()" || rest.starts_with(" <") ||
                     rest.starts_with(" >") || rest.starts_with(" |") || rest.starts_with(" 2>");
  if (alone && is_one_of(kAlone, word)) return true;
  static constexpr std::array<std::string_view, 30> kCmake = {"if",
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
                                                              "add_library"};
  if (rest.starts_with('(') && (t.ends_with(')') || t.find(')') == kNpos) && is_one_of(kCmake, word)) return true;
  if (word == "return" || word == "raise" || word == "throw" || word == "yield" || word == "assert" || word == "del") {
    if (rest.empty() || rest == ";") return true;
    return rest[0] == ' ' &&
           (t.ends_with(';') || t.find_first_of("()[]{}=\"'._$") != kNpos ||
            (std::ranges::count(rest, ' ') <= 1 && name_at(rest.substr(1)).size() == rest.size() - 1));
  }
  static constexpr std::array<std::string_view, 8> kShell = {"echo", "printf", "exit", "export",
                                                             "trap", "eval",   "exec", "unset"};
  if (is_one_of(kShell, word) && rest.starts_with(' ')) return t.find_first_of("\"'$=") != kNpos || digit(t.back());
  if (word == "set" && (rest.starts_with(" -") || rest.starts_with(" +"))) return true;
  static constexpr std::array<std::string_view, 12> kSql = {"CREATE",  "ALTER",   "DROP",     "SELECT",
                                                            "INSERT",  "GRANT",   "UPDATE",   "DELETE",
                                                            "COMMENT", "RETURNS", "LANGUAGE", "REVOKE"};
  static constexpr std::array<std::string_view, 8> kVim = {"syn",     "syntax",  "hi",       "let",
                                                           "autocmd", "command", "setlocal", "nnoremap"};
  if (is_one_of(kVim, word) && rest.starts_with(' '))
    return rest.find(':') != kNpos || rest.find("link ") != kNpos || rest.find("match ") != kNpos ||
           rest.find("keyword ") != kNpos || rest.find("region ") != kNpos || rest.find('=') != kNpos;
  return is_one_of(kSql, word) && rest.starts_with(' ') && !t.ends_with('.') && !t.ends_with(':');
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
  if (at == kNpos) at = t.find(" // ");
  if (at == kNpos) at = t.find("\t// ");
  if (at == kNpos) at = t.find(" # ");
  const std::string_view rest = at == kNpos ? t : base::trim(t.substr(0, at));
  return rest.empty() ? t : rest;
}

Line look(std::string_view t) {
  if (t[0] == '#') return is_preprocessor(t) ? Line::kStrong : Line::kOther;
  if (t[0] == '@' && t.size() > 2 && letter(t[1]) && t.find(' ') > t.find('(')) return Line::kStrong;
  if (t[0] == '@' && name_at(t.substr(1)).size() + 1 == t.size()) return Line::kStrong;
  if (t == ";;" || t == "} else {" || t.starts_with("} catch") || t.starts_with("} else if")) return Line::kStrong;
  if (t[0] == '#' || t[0] == '<' || t[0] == '|') return Line::kOther;
  const std::string_view word = name_at(t);
  const std::string_view rest = t.substr(word.size());
  if (!word.empty()) {
    if (begins_block(word, t, rest) || is_import(word, rest, t) || is_definition(word, rest, t) ||
        is_words_of_language(word, rest, t))
      return Line::kStrong;
  }
  if (t.starts_with("self.") || t.starts_with("this.") || t.starts_with("my $") || t.starts_with("std::"))
    return Line::kStrong;
  const char last = t.back();
  const bool call = t.find('(') != kNpos;
  if (last == '{' && (t.ends_with(") {") || t.ends_with("=> {") || t.ends_with("() {"))) return Line::kStrong;
  if (last == ';' && (call || is_assignment(t) || t.find("->") != kNpos || t.find("::") != kNpos)) return Line::kStrong;
  if (is_assignment(t) && (t.find("$(") != kNpos || t.find("=$") != kNpos || t.find("=\"$") != kNpos ||
                           t.find(":=") != kNpos || (t.find(" = ") != kNpos && (call || t.find("= [") != kNpos))))
    return Line::kStrong;
  if (last == '}' && t.find('{') < t.find(';') && t.find(';') != kNpos && t.find(':') != kNpos) return Line::kStrong;
  // What goes on from the line above, or ends it.
  if (std::string_view(",;({[\\)}]").find(last) != kNpos || is_assignment(t)) return Line::kWeak;
  if (t.ends_with("&&") || t.ends_with("||") || t.ends_with(" |") || t.ends_with(" or") || t.ends_with(" and"))
    return Line::kWeak;
  if (t.starts_with("or ") || t.starts_with("and ") || t.starts_with("&& ") || t.starts_with("|| ") || t[0] == '.')
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
    if (t.starts_with("/*")) return open("*/", t.substr(2));
    if (t.starts_with("#[=")) return open("]=", t.substr(3));
    if (t.starts_with("=head") || t.starts_with("=pod") || t.starts_with("=over") || t.starts_with("=encoding"))
      return open("=cut", {});
    std::string_view quoted = t;
    while (!quoted.empty() && letter(quoted[0]) && t.size() - quoted.size() < 2) quoted.remove_prefix(1);
    for (const std::string_view quotes : {R"(""")", "'''"}) {
      if (t.starts_with(quotes)) return open(quotes, t.substr(3));
      if (quoted.starts_with(quotes)) return open(quotes, quoted.substr(3));
    }
    if (t.starts_with("//") || t.starts_with("-- ") || t.starts_with(";;") || t == "--") return true;
    if (t.starts_with("*/") || t == "*" || (t.starts_with("* ") && block_)) return true;
    if (t.starts_with("\" ") && std::ranges::count(t, '"') % 2 == 1) return true;  // Vim's
    return t[0] == '#' && !is_preprocessor(t) && !t.starts_with("#[");
  }

 private:
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
  static constexpr std::array<std::string_view, 16> kInterpreters = {"sh",     "bash",  "dash", "zsh",  "ksh", "fish",
                                                                     "python", "perl",  "ruby", "node", "php", "awk",
                                                                     "sed",    "tclsh", "lua",  "env"};
  std::string_view line = base::trim(text.substr(2, text.find('\n') - 2));
  line = line.substr(0, line.find(' '));
  std::string_view name = line.substr(line.rfind('/') + 1);
  while (!name.empty() && (digit(name.back()) || name.back() == '.')) name.remove_suffix(1);
  return line.starts_with('/') && is_one_of(kInterpreters, name);
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
