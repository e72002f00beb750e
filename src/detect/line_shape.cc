#include "detect/line_shape.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>

#include "base/byte_set.h"
#include "base/hash.h"
#include "base/hash_map.h"
#include "base/string_list.h"
#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view first_word(std::string_view line) {
  std::size_t end = 0;
  while (end < line.size() && line[end] != ' ' && line[end] != '\t') ++end;
  return line.substr(0, end);
}

/// "2026-03-12T10:00:00", "10:00:00.123", "Mar 12 10:00:00", "[12/Mar/2026:", "1718000000.123": a time within the first
/// bytes.
bool has_time(std::string_view line) {
  static constexpr base::ByteSet kJoints(":-/");
  const std::string_view head = line.substr(0, 48);
  // Just so many digits stand before the joint, and two or more behind it.
  const auto between = [&](std::size_t joint, std::size_t before) {
    if (joint < before || joint + 2 >= head.size()) return false;
    const std::size_t begin = joint - before;
    return is_digit(head[joint + 1]) && is_digit(head[joint + 2]) &&
           std::ranges::all_of(head.substr(begin, before), is_digit) && (begin == 0 || !is_digit(head[begin - 1]));
  };
  for (std::size_t at = kJoints.first_in(head); at != std::string_view::npos; at = kJoints.first_in(head, at + 1)) {
    if (between(at, head[at] == ':' ? 2 : 4)) return true;
  }
  return false;
}

/// The same behind one or two names that tabs part: "job<tab>step<tab>2026-03-12T10:00:00Z message".
bool has_time_behind_names(std::string_view line) {
  for (int names = 0; names < 2; ++names) {
    const std::size_t tab = line.substr(0, 120).find('\t');
    if (tab == std::string_view::npos) return false;
    line.remove_prefix(tab + 1);
    if (!line.empty() && is_digit(line.front()) && has_time(line)) return true;
  }
  return false;
}

bool is_level(std::string_view word) {
  while (!word.empty() && !is_alpha(word.front())) word.remove_prefix(1);
  while (!word.empty() && !is_alpha(word.back())) word.remove_suffix(1);
  static constexpr base::StringList kLevels(std::to_array<std::string_view>(
      {"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "CRITICAL", "FATAL", "SEVERE", "PANIC",
       "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "critical", "fatal", "severe", "panic"}));
  return kLevels.has(word);
}

bool names_level(std::string_view line) {
  std::string_view rest = line.substr(0, 80);
  for (int i = 0; i < 4 && !rest.empty(); ++i) {
    const std::string_view word = first_word(rest);
    if (is_level(word)) return true;
    rest = base::trim(rest.substr(word.size()));
  }
  if (line.find('=') == std::string_view::npos) return false;
  return line.starts_with("level=") || line.find(" level=") != std::string_view::npos;
}

bool is_numbered_frame(std::string_view trimmed) {
  std::size_t at = 1;
  while (at < trimmed.size() && is_digit(trimmed[at])) ++at;
  return at > 1 && trimmed.front() == '#' && at < trimmed.size() && trimmed[at] == ' ' &&
         (trimmed.find(" in ") != std::string_view::npos || trimmed.find(" at ") != std::string_view::npos ||
          trimmed.find('(') != std::string_view::npos);
}

/// "==1234== text", as memory checkers print.
bool is_checker_line(std::string_view trimmed) {
  if (!trimmed.starts_with("==") || trimmed.size() < 6) return false;
  std::size_t at = 2;
  while (at < trimmed.size() && is_digit(trimmed[at])) ++at;
  return at > 2 && trimmed.substr(at).starts_with("==");
}

/// Openings and parts of lines that build tools, test runners, package managers and crash dumps print. Data, not rules:
/// a line counts when it starts with (or, second table, holds) one of these.
constexpr base::StringList kToolStarts(std::to_array<std::string_view>({"warning:",
                                                                        "error:",
                                                                        "error[",
                                                                        "note:",
                                                                        "help:",
                                                                        "FAILED",
                                                                        "PASSED",
                                                                        "FAIL",
                                                                        "PASS",
                                                                        "ok ",
                                                                        "not ok",
                                                                        "--- FAIL",
                                                                        "=== RUN",
                                                                        "--- PASS",
                                                                        "npm ERR!",
                                                                        "npm WARN",
                                                                        "npm error",
                                                                        "npm warn",
                                                                        "yarn ",
                                                                        "Traceback (most recent call last)",
                                                                        "Caused by:",
                                                                        "Exception in thread",
                                                                        "BUILD ",
                                                                        "> Task",
                                                                        "Compiling ",
                                                                        "Downloading ",
                                                                        "Downloaded ",
                                                                        "Downloaded from",
                                                                        "Installing ",
                                                                        "Collecting ",
                                                                        "Requirement already",
                                                                        "Get:",
                                                                        "Selecting previously",
                                                                        "Setting up ",
                                                                        "Unpacking ",
                                                                        "make[",
                                                                        "make:",
                                                                        "gcc ",
                                                                        "g++ ",
                                                                        "cc1",
                                                                        "ninja:",
                                                                        "test ",
                                                                        "running ",
                                                                        "Step "}));
constexpr base::StringList kToolParts(std::to_array<std::string_view>(
    {" PASSED", " FAILED", " passed", " failed", ": warning:", ": error:", ": fatal error:", ": note:", "Error:",
     "Exception:", " ... ok", " ... FAILED", "DeprecationWarning", "Building C"}));

bool is_stack_frame(std::string_view trimmed) {
  if (trimmed.starts_with("at ") && trimmed.find('(') != std::string_view::npos) return true;
  if (trimmed.starts_with("File \"") && trimmed.find(", line ") != std::string_view::npos) return true;
  if (is_numbered_frame(trimmed) || is_checker_line(trimmed)) return true;
  return trimmed.starts_with("goroutine ") && trimmed.ends_with(":");
}

/// "[12/200] Building", "[ 50%] Building", "tests/a.py ......  [ 41%]"
bool is_progress(std::string_view trimmed) {
  if (trimmed.ends_with("%]")) return true;
  if (!trimmed.starts_with("[")) return false;
  const std::size_t close = trimmed.find(']');
  if (close == std::string_view::npos || close > 14) return false;
  const std::string_view inside = trimmed.substr(1, close - 1);
  return inside.ends_with("%") || (inside.find('/') != std::string_view::npos && is_digit(inside.back()));
}

bool is_strong_tool_line(std::string_view trimmed) {
  return trimmed.starts_with("Traceback (most recent call last)") || trimmed.starts_with("npm ERR!") ||
         trimmed.starts_with("error[E") || trimmed.starts_with("=== RUN") || trimmed.starts_with("--- FAIL") ||
         trimmed.starts_with("goroutine ") || trimmed.starts_with("Exception in thread") ||
         (trimmed.starts_with("=====") && trimmed.ends_with("=====") && trimmed.size() > 24 &&
          trimmed.find(' ') != std::string_view::npos);
}

bool is_tool_line(std::string_view trimmed) {
  return kToolStarts.starts(trimmed) || kToolParts.in(trimmed) || is_stack_frame(trimmed) || is_progress(trimmed);
}

/// `t` is trimmed.
bool is_code_line(std::string_view t) {
  static constexpr base::StringList kStarts(std::to_array<std::string_view>(
      {"def ",     "class ",     "import ", "from ",   "return", "if (",  "if ",      "for (",   "for ",     "while",
       "func ",    "fn ",        "pub ",    "let ",    "const ", "var ",  "#include", "#define", "package ", "public ",
       "private ", "protected ", "static ", "struct ", "enum ",  "impl ", "use ",     "export ", "else",     "elif "}));
  if (t.ends_with("{") || t.ends_with(";") || t.ends_with("};") || t == "}" || t.ends_with("):") || t == "})")
    return true;
  return kStarts.starts(t) &&
         (t.ends_with(":") || t.find('(') != std::string_view::npos || t.find('=') != std::string_view::npos ||
          t.starts_with("import") || t.starts_with("from") || t.starts_with("return"));
}

/// "path/file.ext:12:text" and "path/file.ext-12-text" (context), as grep prints them.
bool is_search_hit(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 300) return false;
  const std::string_view path = line.substr(0, colon);
  static constexpr base::ByteSet kNotInPaths(" \t\"(){}<>[]");
  static constexpr base::ByteSet kJoints("./");
  if (kNotInPaths.any_in(path) || !kJoints.any_in(path)) return false;
  std::size_t at = colon + 1;
  while (at < line.size() && is_digit(line[at])) ++at;
  return at > colon + 1 && at < line.size() && line[at] == ':' && !path.starts_with("http");
}

/// Whether a search hit is "path:12:5: E501 text", "path:12:5: error: text": what linters and compilers print.
bool is_diagnostic(std::string_view line) {
  std::size_t at = line.find(':') + 1;
  at = line.find(':', at) + 1;
  const std::size_t column = at;
  while (at < line.size() && is_digit(line[at])) ++at;
  if (at > column && at < line.size() && line[at] == ':') ++at;
  const std::string_view word = first_word(base::trim(line.substr(at)));
  static constexpr std::array<std::string_view, 8> kKinds = {"error",  "warning",  "note",  "fatal",
                                                             "error:", "warning:", "note:", "info:"};
  if (std::ranges::find(kKinds, word) != kKinds.end()) return true;
  // A rule's code: letters, then digits.
  const auto digit = std::ranges::find_if(word, is_digit);
  return word.size() >= 3 && word.size() <= 10 && is_alpha(word.front()) && digit != word.end() &&
         std::all_of(word.begin(), digit, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         std::all_of(digit, word.end(), is_digit);
}

/// "   12\ttext", "12: text", "12|text"; gives the number or -1.
long line_number(std::string_view line) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start == std::string_view::npos) return -1;
  std::size_t at = start;
  long value = 0;
  while (at < line.size() && is_digit(line[at]) && at - start < 7) value = value * 10 + (line[at++] - '0');
  if (at == start || at >= line.size()) return at > start ? value : -1;
  static constexpr std::string_view kArrow = "\xE2\x86\x92";
  return line[at] == '\t' || line[at] == '|' || (line[at] == ':' && at + 1 < line.size() && line[at + 1] == ' ') ||
                 line.substr(at).starts_with(kArrow)
             ? value
             : -1;
}

bool is_prose_line(std::string_view line) {
  return std::ranges::count(line, ' ') >= 6 && std::ranges::count_if(line, is_alpha) * 4 > std::ssize(line) * 3;
}

bool is_config_line(std::string_view line) {
  const std::string_view t = base::trim(line);
  if (t.starts_with("#") || t.starts_with("- ") || (t.starts_with("[") && t.ends_with("]")) || t == "---") return true;
  std::size_t at = 0;
  while (at < t.size() &&
         (is_alpha(t[at]) || is_digit(t[at]) || t[at] == '_' || t[at] == '-' || t[at] == '.' || t[at] == '/'))
    ++at;
  if (at == 0 || at >= t.size()) return false;
  const std::string_view rest = t.substr(at);
  return rest == ":" || rest.starts_with(": ") || rest.starts_with("=") || rest.starts_with(" =");
}

/// Digits are one kind of byte, letters another, and each other byte is one of its own.
constexpr std::array<char, 256> kKinds = [] {
  std::array<char, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const char c = static_cast<char>(i);
    kinds[i] = is_digit(c) ? '0' : is_alpha(c) ? 'a' : c;
  }
  return kinds;
}();

/// Of the line's first bytes, where a run of a kind counts like one of it.
std::uint64_t shape_hash(std::string_view line) {
  std::array<char, 64> shape;  // NOLINT(cppcoreguidelines-pro-type-member-init): only what is written is read
  std::size_t size = 0;
  int last = 256;  // no byte
  for (const char c : line.substr(0, shape.size())) {
    const char kind = kKinds[static_cast<unsigned char>(c)];
    shape[size] = kind;
    size += kind != last;
    last = kind;
  }
  return base::hash64({shape.data(), size});
}

}  // namespace

ShapeCounts count_shapes(std::span<const std::string_view> lines) {
  ShapeCounts counts;
  long last_number = -1;
  for (std::string_view line : lines) {
    const std::string_view trimmed = base::trim(line);
    if (trimmed.empty()) continue;
    ++counts.lines;
    const bool level = names_level(trimmed);
    counts.level_lines += level;
    const bool diagnostic = is_search_hit(line) && is_diagnostic(line);
    counts.diagnostics += diagnostic;
    counts.log_or_tool_lines +=
        level || diagnostic || has_time(trimmed) || is_tool_line(trimmed) || has_time_behind_names(trimmed);
    counts.strong_tool_lines += is_strong_tool_line(trimmed);
    counts.code_lines += is_code_line(trimmed);
    counts.diff_hunks += line.starts_with("@@ -") || line.starts_with("@@@ -");
    counts.diff_files += line.starts_with("diff --") || line.starts_with("+++ ");
    if (const long number = line_number(line); number >= 0) {
      counts.numbered += number > last_number;
      counts.numbered_zero += number == 0;
      last_number = number;
    }
  }
  return counts;
}

std::size_t count_repeated_shapes(std::span<const std::string_view> lines) {
  base::HashMap<std::size_t> shapes(lines.size());
  std::size_t repeated = 0;
  for (std::string_view line : lines) {
    line = base::trim(line);
    if (line.empty()) continue;
    // From the third of a shape on, each counts, and so do the two before it.
    const std::size_t alike = ++shapes[shape_hash(line)];
    repeated += alike < 3 ? 0 : alike == 3 ? 3 : 1;
  }
  return repeated;
}

std::size_t count_config_lines(std::span<const std::string_view> lines) {
  return static_cast<std::size_t>(std::ranges::count_if(lines, is_config_line));
}

std::size_t count_prose_bytes(std::span<const std::string_view> lines) {
  std::size_t bytes = 0;
  for (std::string_view line : lines) {
    line = base::trim(line);
    bytes += is_prose_line(line) ? line.size() : 0;
  }
  return bytes;
}

bool is_json_line(std::string_view line) {
  const std::string_view t = base::trim(line);
  return t.size() > 1 && ((t.front() == '{' && t.back() == '}') || (t.front() == '[' && t.back() == ']'));
}

}  // namespace headroom::detect
