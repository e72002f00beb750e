#include "detect/search_shape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/text.h"
#include "detect/path_shape.h"
#include "detect/tool_call.h"

namespace headroom::detect {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// No blanks, so that no sentence or log line passes for one.
bool is_plain_path(std::string_view path) {
  static constexpr base::ByteSet kBlanks(" \t");
  static constexpr base::ByteSet kDotsAndSlashes("./\\");
  return !kBlanks.any_in(path) && kDotsAndSlashes.any_in(path) && is_path_like(path) && !digit(path.front());
}

/// What compilers and linters say behind a place: "error: ...", "E501 ...", "DeprecationWarning: ...".
bool is_diagnostic_text(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && digit(text[at])) ++at;
  if (at > 0 && at < text.size() && text[at] == ':') text.remove_prefix(at + 1);
  text = base::trim(text);
  std::string_view word = text.substr(0, text.find_first_of(" \t"));
  static constexpr std::array<std::string_view, 10> kKinds = {
      "error", "warning", "note", "fatal", "error:", "warning:", "note:", "info:", "hint:", "fatal:"};
  if (std::ranges::find(kKinds, word) != kKinds.end()) return true;
  if (word.ends_with("Warning:") || word.ends_with("Error:") || word.starts_with("error[")) return true;
  if (word.ends_with(':')) word.remove_suffix(1);
  const auto number = std::ranges::find_if(word, digit);
  return word.size() >= 3 && word.size() <= 10 && number != word.begin() && number != word.end() &&
         std::all_of(word.begin(), number, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         std::all_of(number, word.end(), digit);
}

/// "12:text" as grep prints it for one file: no blanks before the number.
long bare_number(std::string_view line) {
  const std::size_t prefix = number_prefix(line);
  if (prefix == 0 || line[prefix - 1] == '=') return -1;
  long value = 0;
  for (char c : line.substr(0, prefix - 1)) value = value * 10 + (c - '0');
  return value;
}

/// A drawn row with the name of a file; trees of packages ("name@1.2.0", "name v1.2.0") are no folders.
bool is_tree_line(std::string_view line) {
  const bool drawn = line.find("\xE2\x94\x9C\xE2\x94\x80\xE2\x94\x80 ") != std::string_view::npos ||
                     line.find("\xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 ") != std::string_view::npos ||
                     line.find("|-- ") < 40 || line.find("`-- ") < 40;
  if (!drawn) return false;
  const std::size_t at = line.find('@');
  if (at != std::string_view::npos && at + 1 < line.size() && digit(line[at + 1])) return false;
  return line.find(" v") == std::string_view::npos || line.find('(') == std::string_view::npos;
}

/// Endings that files of text have, for lines of which a colon is all that tells them from settings.
bool has_known_ending(std::string_view path) {
  static constexpr std::array<std::string_view, 46> kEndings = {
      "py",   "js",  "ts",   "tsx", "jsx",  "mjs", "c",    "h",     "cc",   "cpp",   "hpp", "cxx",
      "java", "kt",  "go",   "rs",  "rb",   "php", "cs",   "swift", "m",    "scala", "sh",  "bash",
      "pl",   "lua", "sql",  "md",  "rst",  "txt", "json", "yml",   "yaml", "toml",  "ini", "cfg",
      "conf", "xml", "html", "css", "scss", "vue", "log",  "csv",   "tf",   "proto"};
  const std::size_t dot = path.rfind('.');
  return dot != std::string_view::npos && std::ranges::find(kEndings, path.substr(dot + 1)) != kEndings.end();
}

struct Counts {
  std::size_t lines = 0, places = 0, diagnostics = 0, contexts = 0, paths = 0, folders = 0, headings = 0, numbered = 0;
  std::size_t texts = 0, trees = 0, bare = 0, likely = 0, labelled = 0, named = 0;
  std::size_t ordered = 0;  ///< rows below a heading whose numbers rise
  long first = -1, last = -1, above = -1;
  std::unordered_set<std::string_view> files, names;
};

bool only_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, digit);
}

/// "path-12-text" where "path:12:" stands somewhere.
bool is_context(std::string_view line, const std::unordered_set<std::string_view>& files) {
  static constexpr base::ByteSet kJoints("-=");
  for (std::size_t at = kJoints.first_in(line); at != std::string_view::npos && at < 300;
       at = kJoints.first_in(line, at + 1)) {
    const std::size_t number = number_prefix(line.substr(at + 1));
    if (number > 0 && line[at + number] == line[at] && files.contains(line.substr(0, at))) return true;
  }
  return false;
}

/// "12345 src/a.cc", "src/a.cc 12345", "f src/a.cc": a row about a path, not a path with blanks in it.
bool beside_a_figure(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return false;
  return first == 1 || only_digits(line.substr(0, first)) || only_digits(line.substr(line.rfind(' ') + 1));
}

/// The number that "12: text" and "12 | text" begin with; -1 for "12:5", which is a place in a line.
long row_number(std::string_view row) {
  long value = 0;
  std::size_t at = 0;
  while (at < row.size() && digit(row[at]) && at < 9) value = value * 10 + (row[at++] - '0');
  return at == 0 || (at + 1 < row.size() && row[at] == ':' && digit(row[at + 1])) ? -1 : value;
}

void count_line(std::string_view line, bool told, Counts& n) {
  ++n.lines;
  const Place place = hit_place(line);
  if (place.path > 0 && (told || is_plain_path(line.substr(0, place.path)))) {
    ++n.places;
    n.diagnostics += is_diagnostic_text(line.substr(place.end));
    n.files.insert(line.substr(0, place.path));
    return;
  }
  // "Makefile:12:text": a bare name must have company.
  if (place.path >= 3 && line.find_first_of(" \t") > place.path) {
    ++n.named;
    n.diagnostics += is_diagnostic_text(line.substr(place.end));
    n.names.insert(line.substr(0, place.path));
  }
  n.trees += is_tree_line(line);
  if (const long number = bare_number(line); number >= 0) {
    ++n.bare;
    if (n.first < 0) n.first = number;
    n.last = std::max(n.last, number);
  }
  if (numbered_row(line) > 0) {
    ++n.numbered;
    const std::string_view row = base::trim(line);
    n.labelled += row.starts_with("Line ") || row.starts_with('L');
    const long number = row_number(row);
    n.ordered += n.above >= 0 && number > n.above;
    n.above = number;
  } else if (!heading_path(line).empty()) {
    ++n.headings;
    n.above = 0;
  }
  n.likely += told && is_path_like(line) && !beside_a_figure(line);
  const std::size_t colon = text_place(line);
  const std::string_view path = colon > 0 ? line.substr(0, colon) : line;
  const bool counted = colon > 0 && only_digits(line.substr(colon + 1));
  // "file.py::name" is how test runners name a test, not a hit in a file.
  const bool scoped = colon > 0 && line.substr(colon).starts_with("::");
  if (colon > 0 && !counted && !scoped) {
    const bool file = path.find('/') != std::string_view::npos || has_known_ending(path);
    n.texts += file && is_plain_path(path);
    if (file) n.files.insert(path);
  } else if (is_plain_path(path) && !(scoped && line.find(' ') != std::string_view::npos)) {
    // "file.py::name PASSED" is a verdict, not a path.
    ++n.paths;
    n.folders += path.find_first_of("/\\") != std::string_view::npos || has_known_ending(path);
  }
}

Detection found(double confidence, std::string reason) {
  return {ContentType::kSearch, confidence, std::move(reason)};
}

/// Programs that tell what they do to each file: their lists are records of work.
bool works_on_files(const Hints& hints) {
  static constexpr std::array<std::string_view, 8> kPrograms = {"rsync ", "tar ", "unzip ", "zip ",
                                                                "cp ",    "mv ",  "rm ",    "scp "};
  const std::string command = read_tool_call(hints.tool_name, hints.tool_arguments).command;
  return std::ranges::any_of(kPrograms, [&](std::string_view program) {
    const std::size_t at = command.find(program);
    return at == 0 || (at != std::string::npos && command[at - 1] == ' ');
  });
}

/// The last name of a program's path.
std::string_view program_name(std::string_view word) {
  return word.substr(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
}

}  // namespace

bool is_search_events(std::string_view text) {
  return text.starts_with(R"({"type":"begin","data":{"path":{"text":)") &&
         text.substr(0, std::size_t{64} << 10).find("\n{\"type\":\"match\",\"data\":") != std::string_view::npos;
}

bool is_search_matches(std::string_view text) {
  static constexpr std::string_view kOpen = "<match path=\"";
  const std::size_t first = text.find(kOpen);
  if (first > 400 || (first > 0 && text[first - 1] != '\n')) return false;
  std::size_t opens = 0, closes = 0, lines = 0;
  for (const std::string_view line : base::split_lines(text.substr(first, std::size_t{64} << 10))) {
    ++lines;
    opens += line.starts_with(kOpen) && line.ends_with('>') && line.find(" line=") != std::string_view::npos;
    closes += line == "</match>";
  }
  // Finds with many lines around each are told by their tags all the same.
  return opens >= 2 && closes + 1 >= opens && opens * 30 >= lines;
}

bool prints_search(const Hints& hints) {
  static constexpr std::array<std::string_view, 22> kTools = {"grep",
                                                              "glob",
                                                              "ripgrep",
                                                              "rg",
                                                              "search",
                                                              "search_files",
                                                              "file_search",
                                                              "find",
                                                              "grep_search",
                                                              "find_files",
                                                              "search_code",
                                                              "search_content",
                                                              "code_search",
                                                              "codebase_search",
                                                              "list_dir",
                                                              "list_files",
                                                              "search_file_content",
                                                              "directory_tree",
                                                              "search_in_files",
                                                              "search_in_files_by_text",
                                                              "search_in_files_by_regex",
                                                              "copilot_findtextinfiles"};
  static constexpr std::array<std::string_view, 10> kPrograms = {"grep", "egrep", "fgrep", "rg",     "ag",
                                                                 "ack",  "find",  "fd",    "fdfind", "tree"};
  std::string_view tool = hints.tool_name;
  if (const std::size_t prefix = tool.rfind("__"); prefix != std::string_view::npos) tool.remove_prefix(prefix + 2);
  if (std::ranges::any_of(kTools, [&](std::string_view known) { return base::equals_ci(tool, known); })) return true;
  const std::string command = read_tool_call(hints.tool_name, hints.tool_arguments).command;
  // The first program of each step: behind "cd x &&", not behind a pipe.
  std::string_view rest = command;
  while (!rest.empty()) {
    const std::string_view step = base::trim(rest.substr(0, rest.find_first_of(";&\n")));
    const std::string_view program = program_name(step.substr(0, step.find(' ')));
    if (std::ranges::find(kPrograms, program) != kPrograms.end()) return true;
    if (step.starts_with("git grep") || step.starts_with("git ls-files")) return true;
    const std::size_t end = rest.find_first_of(";&\n");
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return false;
}

std::optional<Detection> search_shape(std::span<const std::string_view> lines, const Hints& hints) {
  const bool told = prints_search(hints);
  Counts n;
  std::vector<std::string_view> others;
  for (std::string_view line : lines) {
    if (base::trim(line).empty() || line.find_first_not_of('-') == std::string_view::npos || is_tool_note(line))
      continue;
    const std::size_t places = n.places;
    count_line(line, told, n);
    if (n.places == places) others.push_back(line);
  }
  if (n.lines < 3) return std::nullopt;
  if (n.places > 0) {
    for (std::string_view line : others) n.contexts += is_context(line, n.files);
    const bool enough = (n.places + n.contexts) * 10 > n.lines * (told ? 5 : 7);
    if (enough && (told || n.diagnostics * 5 <= n.places))
      return found(0.9, fmt::format("{} of {} lines are path:line hits", n.places + n.contexts, n.lines));
  }
  if ((n.places + n.named) * 20 > n.lines * 19 && (told || n.diagnostics * 5 <= n.named) &&
      n.names.size() * 2 <= n.named)
    return found(0.75, fmt::format("{} of {} lines are name:line hits", n.places + n.named, n.lines));
  if (n.trees * 10 > n.lines * 7) return found(0.8, fmt::format("{} lines of a drawn folder tree", n.trees));
  const bool below = n.headings > 1 || (n.headings == 1 && !heading_path(lines.front()).empty());
  if (below && (n.numbered + n.headings) * 10 > n.lines * (told ? 6 : 9) && n.numbered >= n.headings &&
      (told || (n.bare + n.labelled) * 10 > n.numbered * 8 || (n.headings > 1 && n.ordered * 10 >= n.numbered * 9)))
    return found(0.8, fmt::format("{} numbered lines below {} paths", n.numbered, n.headings));
  const bool list = told || !works_on_files(hints);
  if (list && n.paths * 100 >= n.lines * (told ? 80 : 97) && n.folders * 10 >= n.lines * 6 && n.lines >= 5)
    return found(0.85, fmt::format("{} lines are paths", n.paths));
  if (told && n.likely * 10 >= n.lines * 8 && n.lines >= 5)
    return found(0.7, fmt::format("{} lines can be paths, and a search tool was called", n.likely));
  if (n.texts * 10 >= n.lines * (told ? 6 : 8) && (told || n.files.size() * 4 <= n.texts * 3))
    return found(0.75, fmt::format("{} lines are path:text hits", n.texts));
  // Numbers with holes: finds in one file, not the file.
  if (n.bare * 10 >= n.lines * 9 && n.bare >= 5 && (told || (n.last - n.first + 1) * 2 > static_cast<long>(n.bare) * 3))
    return found(0.7, fmt::format("{} numbered lines with others missing between them", n.bare));
  return std::nullopt;
}

}  // namespace headroom::detect
