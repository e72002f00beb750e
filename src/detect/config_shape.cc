#include "detect/config_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/string_list.h"
#include "base/text.h"

namespace headroom::detect {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
constexpr base::ByteSet kKeyChars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./$*+@~%");

/// `t` begins with '#'. "#include <x>", and "#12 0.345 CACHED" of a build, are none.
bool is_hash_comment(std::string_view t) {
  static constexpr std::array<std::string_view, 9> kPreprocessor = {"include", "define", "undef",  "if",    "endif",
                                                                    "else",    "error",  "pragma", "region"};
  const std::string_view rest = t.substr(1);
  if (!rest.empty() && is_digit(rest[0])) return false;
  return std::ranges::none_of(kPreprocessor, [&](std::string_view p) {
    return rest.starts_with(p) && (rest.size() == p.size() || rest[p.size()] == ' ' || p == "if");
  });
}

bool is_comment(std::string_view t) {
  switch (t[0]) {
    case '#':
      return is_hash_comment(t);
    case ';':
      return t.starts_with("; ") || t == ";";
    case '/':
      return t.starts_with("//") || t.starts_with("/*");
    case '*':
      return t.starts_with("* ") || t == "*" || t.starts_with("*/");
    case '<':
      return t.starts_with("<!--");
    default:
      return false;
  }
}

/// The key's length in "key: value" and "key:"; 0 when the line is neither. A quoted key counts with its quotes.
std::size_t yaml_key(std::string_view t) {
  std::size_t at = 0;
  if (!t.empty() && (t[0] == '"' || t[0] == '\'')) {
    at = t.find(t[0], 1);
    if (at == std::string_view::npos) return 0;
    ++at;
    return at < t.size() && t[at] == ':' ? at : 0;
  }
  // "f:metadata:" is a key, too.
  while (at < t.size() && at <= 100 && t[at] > ' ' && t[at] != '(' && t[at] != ';' && t[at] != '=') {
    if (t[at] == ':' && (at + 1 == t.size() || t[at + 1] == ' ' || t[at + 1] == '\t')) return at;
    ++at;
  }
  return 0;
}

/// Words that end with a colon in code: "else:", "try:".
bool is_keyword(std::string_view key) {
  static constexpr base::StringList kKeywords(std::to_array<std::string_view>(
      {"else", "try", "finally", "except", "default", "private", "public", "protected", "do", "begin"}));
  return kKeywords.has(key);
}

struct Counts {
  std::size_t lines = 0;  ///< neither blank nor comment, and not inside a block scalar
  std::size_t comments = 0;
  std::size_t yaml = 0;     ///< "key: value", "key:", "- ..."
  std::size_t mapped = 0;   ///< of these, those with a key
  std::size_t nested = 0;   ///< "key:" with something deeper below it
  std::size_t aligned = 0;  ///< "Name:    value", as listings have it
  std::size_t documents = 0;
  std::size_t sections = 0;
  std::size_t assigned = 0;    ///< "key = value", "key=value"
  std::size_t directives = 0;  ///< "word words" without code's marks
  std::size_t statements = 0;  ///< "word words;"
  std::size_t heads = 0;       ///< "word words {", "<Word words>"
  std::size_t closes = 0;      ///< "}", "</Word>"
  std::size_t hcl_heads = 0;   ///< "resource "a" "b" {"
  std::size_t code = 0;        ///< what only programs have
};

/// "word more words" up to an end that `t` has lost already: no marks of expressions.
bool is_directive(std::string_view t) {
  std::size_t at = 0;
  while (at < t.size() && kKeyChars.has(t[at])) ++at;
  if (at == 0 || !is_alpha(t[0]) || at > 60) return false;
  if (at == t.size()) return true;
  if (t[at] != ' ' && t[at] != '\t') return false;
  return t.find("(") == std::string_view::npos || t.find('$') != std::string_view::npos ||
         t.find('"') != std::string_view::npos || t.find('^') != std::string_view::npos ||
         t.find('~') != std::string_view::npos;
}

bool is_assigned(std::string_view t) {
  if (t.starts_with("export ")) t = base::trim(t.substr(7));
  if (!t.empty() && t[0] == '"') {
    const std::size_t close = t.find('"', 1);
    if (close == std::string_view::npos) return false;
    return base::trim(t.substr(close + 1)).starts_with('=');
  }
  std::size_t at = 0;
  while (at < t.size() && kKeyChars.has(t[at])) ++at;
  if (at == 0 || at > 100) return false;
  std::size_t equal = t.find_first_not_of(" \t", at);
  // "NAME:TYPE=value" of a cache that CMake keeps.
  if (equal == at && t[at] == ':') {
    ++equal;
    while (equal < t.size() && t[equal] >= 'A' && t[equal] <= 'Z') ++equal;
    if (equal == at + 1 || equal == t.size()) return false;
  }
  if (equal == std::string_view::npos || t[equal] != '=') return false;
  const std::string_view value = t.substr(equal + 1);
  return !value.starts_with('=') && !t.ends_with(';');
}

bool is_hcl_head(std::string_view t) {
  static constexpr std::array<std::string_view, 10> kBlocks = {"resource ", "variable ", "module ", "provider ",
                                                               "data ",     "output ",   "locals ", "terraform ",
                                                               "moved ",    "import "};
  return t.ends_with('{') && std::ranges::any_of(kBlocks, [&](std::string_view b) { return t.starts_with(b); });
}

bool is_code(std::string_view t) {
  static constexpr base::StringList kStarts(std::to_array<std::string_view>(
      {"def ", "class ", "import ", "from ", "if (", "for (", "while (", "func ", "fn ", "let ", "const ", "var ",
       "elif ", "function ", "public ", "private ", "static ", "local "}));
  static constexpr base::StringList kWhole(std::to_array<std::string_view>({"return", "fi", "done", "esac", "then"}));
  if (t[0] == '#' || kStarts.starts(t) || kWhole.has(t)) return true;
  const char last = t.back();
  if ((last == ':' && t.ends_with("):")) || (last == '{' && t.ends_with(") {")) || (last == ';' && t.ends_with(");")))
    return true;
  if (t.find("++") != std::string_view::npos) return true;
  return t.find('=') != std::string_view::npos &&
         (t.find(" == ") != std::string_view::npos || t.find(" => ") != std::string_view::npos);
}

Counts count(std::span<const std::string_view> lines) {
  Counts n;
  std::size_t scalar = std::string_view::npos;  // indentation of the key whose block scalar goes on
  std::size_t open = std::string_view::npos;    // indentation of a "key:" line just above
  for (std::string_view line : lines) {
    std::string_view t = base::trim(line);
    if (t.empty()) continue;
    const std::size_t indent = line.find_first_not_of(" \t");
    if (scalar != std::string_view::npos) {
      if (indent > scalar) continue;
      scalar = std::string_view::npos;
    }
    if (is_comment(t)) {
      ++n.comments;
      continue;
    }
    if (t.starts_with("{{") || t.starts_with("{%")) continue;  // of a template
    ++n.lines;
    if (line.starts_with("---") && (line.size() < 5 || line.starts_with("--- "))) {
      ++n.documents;
      ++n.yaml;
      continue;
    }
    if (open != std::string_view::npos && (indent > open || (indent == open && t.starts_with("- ")))) ++n.nested;
    open = std::string_view::npos;
    const bool item = t.starts_with("- ") || t == "-";
    std::string_view body = item ? base::trim(t.substr(1)) : t;
    const std::size_t key = yaml_key(body);
    if (key > 0 && !is_keyword(body.substr(0, key))) {
      ++n.yaml;
      ++n.mapped;
      const std::string_view value = body.substr(key + 1);
      if (base::trim(value).empty()) open = indent;
      if (value.starts_with("  ") || value.starts_with('\t')) ++n.aligned;
      const std::string_view v = base::trim(value);
      if (!v.empty() && (v[0] == '|' || v[0] == '>') && v.size() <= 3) scalar = indent;
    } else if (item) {
      ++n.yaml;
    } else {
      n.code += is_code(t);
    }
    if (t.front() == '[' && t.back() == ']' && t.size() > 2 && (is_alpha(t[1]) || t[1] == '[' || t[1] == '"'))
      ++n.sections;
    n.assigned += is_assigned(t);
    n.hcl_heads += is_hcl_head(t);
    if (t.ends_with('{')) {
      n.heads += is_directive(base::trim(t.substr(0, t.size() - 1)));
    } else if (t == "}" || t == "};" || t.starts_with("</")) {
      ++n.closes;
    } else if (t.starts_with('<') && t.ends_with('>')) {
      ++n.heads;
    } else if (t.ends_with(';')) {
      n.statements += is_directive(base::trim(t.substr(0, t.size() - 1)));
    } else {
      n.directives += is_directive(t) && t.size() < 120 && std::ranges::count(t, ' ') <= 5 && !t.ends_with('.');
    }
  }
  return n;
}

Detection config(double share, std::string reason) {
  return {ContentType::kConfig, std::min(0.95, share), std::move(reason)};
}

}  // namespace

std::optional<Detection> config_shape(std::span<const std::string_view> lines) {
  const Counts n = count(lines);
  if (n.lines < 3) return std::nullopt;
  const double all = static_cast<double>(n.lines);
  const double yaml = static_cast<double>(n.yaml) / all;
  const bool listing = n.aligned * 4 > n.mapped;
  if (yaml > 0.85 && !listing && n.mapped * 3 > n.lines && n.code * 20 < n.lines &&
      (n.documents > 0 || n.nested >= 2)) {
    return config(yaml, fmt::format("{} of {} lines are YAML keys and items", n.yaml, n.lines));
  }
  if (n.code * 10 > n.lines) return std::nullopt;
  const double assigned = static_cast<double>(n.assigned + n.sections) / all;
  if (n.sections > 0 && n.assigned * 2 > n.lines && assigned > 0.6) {
    return config(assigned, fmt::format("{} sections, {} assignments", n.sections, n.assigned));
  }
  // Most of them explained: some lines may say something else.
  const double most = n.comments * 2 > n.lines ? 0.8 : 0.9;
  if (n.assigned > most * all && n.lines >= 4) return config(assigned, fmt::format("{} assignments", n.assigned));
  const double braced = static_cast<double>(n.statements + n.heads + n.closes + n.hcl_heads + n.assigned) / all;
  if (n.hcl_heads > 0 && braced > 0.6) return config(braced, fmt::format("{} HCL blocks", n.hcl_heads));
  if (n.heads > 0 && n.closes > 0 && n.statements * 3 > n.lines && n.code == 0 &&
      static_cast<double>(n.statements + n.heads + n.closes) > 0.85 * all) {
    return config(0.8, fmt::format("{} directives in {} blocks", n.statements, n.heads));
  }
  // Key and value with a blank between look like sentences, so many comments have to stand around them.
  const double simple = static_cast<double>(n.directives + n.assigned + n.sections + n.heads + n.closes) / all;
  if (n.comments * 3 > n.lines * 2 && simple > 0.9 && n.code == 0) {
    return config(0.75, fmt::format("{} directives under {} comments", n.directives, n.comments));
  }
  return std::nullopt;
}

}  // namespace headroom::detect
