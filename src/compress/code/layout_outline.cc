#include "compress/code/layout_outline.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

constexpr std::uint32_t kFewestUnits = 2;
constexpr std::uint32_t kFewestDeclared = 12;
constexpr std::size_t kFewestItems = 8;
constexpr std::size_t kLongTable = 30;      // values of a literal
constexpr std::size_t kFewestPercent = 25;  // of the bytes, that must be bodies, or comments of several lines
constexpr std::uint32_t kLongestHeader = 12;
constexpr std::size_t kNoIndent = ~std::size_t{0};

struct Known {
  std::string_view extension, name, comment, comment_end = {};
};

constexpr auto kKnown = std::to_array<Known>({
    {"proto", "protobuf", "//"},
    {"thrift", "thrift", "//"},
    {"graphql", "graphql", "#"},
    {"capnp", "cap'n proto", "#"},
    {"ex", "elixir", "#"},
    {"exs", "elixir", "#"},
    {"lua", "lua", "--"},
    {"dart", "dart", "//"},
    {"zig", "zig", "//"},
    {"jl", "julia", "#"},
    {"r", "r", "#"},
    {"erl", "erlang", "%"},
    {"hrl", "erlang", "%"},
    {"clj", "clojure", ";;"},
    {"cljs", "clojure", ";;"},
    {"cljc", "clojure", ";;"},
    {"el", "lisp", ";;"},
    {"lisp", "lisp", ";;"},
    {"scm", "scheme", ";;"},
    {"rkt", "racket", ";;"},
    {"groovy", "groovy", "//"},
    {"gradle", "groovy", "//"},
    {"nim", "nim", "#"},
    {"cr", "crystal", "#"},
    {"d", "d", "//"},
    {"v", "v", "//"},
    {"fs", "f#", "//"},
    {"fsx", "f#", "//"},
    {"ml", "ocaml", "//"},
    {"sol", "solidity", "//"},
    {"ps1", "powershell", "#"},
    {"psm1", "powershell", "#"},
    {"vb", "basic", "#"},
    {"pas", "pascal", "//"},
    {"f90", "fortran", "#"},
    {"tcl", "tcl", "#"},
    {"vue", "vue", "//"},
    {"svelte", "svelte", "//"},
    {"vala", "vala", "//"},
    {"hx", "haxe", "//"},
    {"gd", "gdscript", "#"},
    {"awk", "awk", "#"},
    {"fish", "fish", "#"},
    {"m", "objective-c", "//"},
    {"mm", "objective-c", "//"},
    {"coffee", "coffee", "#"},
    {"cmake", "cmake", "#"},
    {"hack", "hack", "//"},
    {"css", "css", "/*", " */"},
    {"scss", "css", "//"},
    {"less", "css", "//"},
    {"sql", "sql", "--"},
    {"mk", "make", "#"},
    {"makefile", "make", "#"},
    {"gnumakefile", "make", "#"},
    {"m4", "m4", "#"},
    {"cmakelists.txt", "cmake", "#"},
});

/// Words that a function, or what is tested, begins with.
constexpr std::array<std::string_view, 27> kFunctions = {
    "def",        "defp",      "defmacro", "defmacrop", "fun",   "func", "function", "fn",       "sub",
    "proc",       "procedure", "method",   "test",      "it",    "defn", "defn-",    "defun",    "defmethod",
    "subroutine", "setup",     "specify",  "property",  "macro", "task", "handler",  "scenario", "bench"};

/// Words that may stand before those.
constexpr std::array<std::string_view, 24> kModifiers = {
    "public",  "private", "protected", "internal", "static",   "final",     "abstract", "override",
    "virtual", "inline",  "async",     "export",   "default",  "pub",       "local",    "open",
    "sealed",  "partial", "extern",    "unsafe",   "external", "constexpr", "shared",   "pure"};

/// Words of statements that look like calls with a block.
constexpr std::array<std::string_view, 30> kStatements = {
    "if",     "for",    "while",   "switch", "catch",  "else",  "try",          "do",      "match",  "loop",
    "when",   "unless", "with",    "using",  "lock",   "elif",  "until",        "case",    "select", "foreach",
    "return", "cond",   "receive", "begin",  "elseif", "elsif", "synchronized", "finally", "throw",  "repeat"};

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

/// What is behind the last dot of a file's name; the whole name where it has none.
std::string_view extension_of(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of("/\\") + 1);  // npos + 1 is 0
  return name.substr(name.rfind('.') + 1);                                  // npos + 1 is 0
}

const Known* known_extension(std::string_view path) {
  const std::string_view extension = extension_of(path), name = path.substr(path.find_last_of("/\\") + 1);
  const auto found = std::ranges::find_if(kKnown, [&](const Known& known) {
    return base::equals_ci(extension, known.extension) || base::equals_ci(name, known.extension);
  });
  return found == kKnown.end() ? nullptr : &*found;
}

/// Columns before the first word, a tab up to the next multiple of four; kNoIndent for a blank row.
std::size_t indent_of(std::string_view row) {
  std::size_t columns = 0;
  for (const char c : row) {
    if (c == ' ') {
      ++columns;
    } else if (c == '\t') {
      columns = (columns / 4 + 1) * 4;
    } else {
      return c == '\r' ? kNoIndent : columns;
    }
  }
  return kNoIndent;
}

std::string_view take_word(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && (word_byte(text[end]) || (end > 0 && text[end] == '-'))) ++end;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

/// The name that a definition gives, as far as it is one word or a string.
std::string name_at(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('(')) text.remove_prefix(1);
  if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
    const std::size_t end = text.find(text.front(), 1);
    return std::string(text.substr(1, end == std::string_view::npos ? end : end - 1));
  }
  std::size_t end = 0;
  while (end < text.size() &&
         (word_byte(text[end]) || std::string_view(".:?!").find(text[end]) != std::string_view::npos))
    ++end;
  std::string_view name = text.substr(0, end);
  while (name.ends_with(':') || name.ends_with('.')) name.remove_suffix(1);
  const std::size_t part = name.find_last_of(".:");
  return std::string(part == std::string_view::npos ? name : name.substr(part + 1));
}

/// The line opens a block or a body.
bool opens(std::string_view row) {
  row = base::trim(row);
  return row.ends_with('{') || row.ends_with(" do") || row.ends_with("->") || row.ends_with("=>") ||
         row.ends_with('=') || row.ends_with(':') || row.ends_with(" then") || row.ends_with(" is");
}

int open_brackets(std::string_view row) {
  int open = 0;
  for (const char c : row) open += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
  return open;
}

/// What a row that begins a function calls it; nullopt for any other row.
std::optional<std::string> function_of(std::string_view row, std::size_t indent) {
  const std::string_view whole = base::trim(row);
  std::string_view text = whole;
  if (text.starts_with('(') || text.starts_with('@')) text.remove_prefix(1);  // Lisps; macros of Julia
  std::string_view rest = text;
  std::string_view word = take_word(rest);
  for (int i = 0; i < 4 && one_of(kModifiers, word); ++i) {
    if (rest.starts_with('(')) rest.remove_prefix(std::min(rest.find(')'), rest.size() - 1) + 1);  // pub(crate)
    text = rest = base::trim(rest);
    word = take_word(rest);
  }
  // "key = function(x)", "[\"key\"] = function()" of Lua
  const std::size_t bound = whole.find(" = function(");
  if (bound != std::string_view::npos && whole.ends_with(')'))
    return name_at(whole.substr(whole.starts_with('[') ? 1 : 0));
  if (word.empty() || one_of(kStatements, word)) return std::nullopt;
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (one_of(kFunctions, lower) && (rest.starts_with(' ') || rest.starts_with('('))) {
    std::string name = name_at(rest);
    if (!name.empty()) return name;
  }
  const bool brace = whole.ends_with('{');
  const std::size_t paren = whole.find('(');
  // "it('does x', function()" of Lua
  if (whole.ends_with(')') && whole.find("function(") != std::string_view::npos && paren < whole.find("function("))
    return name_at(whole.substr(paren + 1));
  if (whole.ends_with(" begin") && whole.starts_with('@')) return name_at(whole.substr(whole.find(' ')));  // Julia
  // "name <- function(x) {", "const name = (x) => {", "name: function() {"
  if (brace && (whole.find("function") != std::string_view::npos || whole.ends_with("=> {"))) return name_at(text);
  if (whole.ends_with("->") && indent == 0 && paren != std::string_view::npos) return name_at(text);  // Erlang
  if (!brace || paren == std::string_view::npos || paren == 0) return std::nullopt;
  const std::string_view before = whole.substr(0, paren);
  if (before.find_first_of("={}\"'") != std::string_view::npos || before.find("new ") != std::string_view::npos)
    return std::nullopt;
  // test('does it', () {
  const std::string_view argument = base::trim(whole.substr(paren + 1));
  if (!argument.empty() && (argument.front() == '"' || argument.front() == '\'')) return name_at(argument);
  if (open_brackets(whole) != 0) return std::nullopt;
  // Type name(arguments) {
  std::size_t from = before.size();
  while (from > 0 && word_byte(before[from - 1])) --from;
  if (from == before.size()) return std::nullopt;
  return std::string(before.substr(from));
}

bool closes(std::string_view row) {
  row = base::trim(row);
  return row.starts_with("end") || row.starts_with('}') || row.starts_with(')') || row.starts_with(']');
}

/// Reads rows by their indentation.
class LayoutReader {
 public:
  /// `semicolons`: a statement goes on up to the row that ends with one.
  LayoutReader(const std::vector<std::string_view>& rows, bool semicolons) : rows_(rows), semicolons_(semicolons) {
    indents_.reserve(rows.size());
    for (const std::string_view row : rows) indents_.push_back(indent_of(row));
    out_.statement_of.assign(rows.size(), kNone);
    out_.in_block.assign(rows.size(), false);
  }

  std::optional<Outline> read() {
    scan({0, static_cast<std::uint32_t>(rows_.size()) - 1}, 0);
    const std::size_t bytes = rows_.empty() ? 0 : bytes_of({0, static_cast<std::uint32_t>(rows_.size()) - 1});
    if (out_.units.size() < kFewestUnits || in_bodies() * 100 < bytes * kFewestPercent) {
      // What declares rather than does: messages, interfaces, schemas.
      out_.units.clear();
      find_declarations();
      // A few of them are explained in comments, and read whole.
      if (out_.units.size() < kFewestDeclared || in_bodies() * 100 < bytes * kFewestPercent) out_.units.clear();
    }
    for (const Unit& unit : out_.units) add_statements(unit.body);
    add_remarks();
    add_items();
    add_tables();
    std::size_t in_remarks = 0;
    for (const Remark& remark : out_.remarks) in_remarks += bytes_of(remark.rows);
    if (!out_.tables.empty()) return std::move(out_);
    const bool remarked = in_remarks * 100 > bytes * kFewestPercent;
    if (out_.units.empty() && !remarked && out_.items.size() < kFewestItems) return std::nullopt;
    return std::move(out_);
  }

 private:
  std::size_t bytes_of(Rows rows) const {
    std::size_t bytes = 0;
    for (std::uint32_t row = rows.first; row <= rows.last; ++row) bytes += rows_[row].size() + 1;
    return bytes;
  }

  std::size_t in_bodies() const {
    std::size_t bytes = 0;
    for (const Unit& unit : out_.units) bytes += bytes_of(unit.body);
    return bytes;
  }

  /// "message Lease {", "type Quay implements Node {", and what is indented below up to "}".
  void find_declarations() {
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      if (indents_[row] != 0 || !base::trim(rows_[row]).ends_with('{')) continue;
      std::string_view rest = rows_[row];
      const std::string_view word = take_word(rest);
      const std::string name = name_at(rest);
      if (word.empty() || name.empty() || one_of(kStatements, word)) continue;
      std::uint32_t end = row + 1;
      while (end < rows_.size() && (indents_[end] == kNoIndent || indents_[end] > 0)) ++end;
      if (end == rows_.size() || base::trim(rows_[end]) != "}" || end < row + 3) continue;
      Unit unit;
      unit.name = name;
      unit.start = first_with_attributes(row);
      unit.header_end = row;
      unit.body = {row + 1, end - 1};
      unit.close = end;
      unit.retained = true;
      out_.units.push_back(std::move(unit));
      row = end;
    }
  }

  /// What begins in the first row's column, with the deeper rows below it and what closes it. What stands between
  /// "ifdef" and "endif" is a part of that.
  void add_items() {
    std::vector<bool> remark(rows_.size(), false);
    for (const Remark& r : out_.remarks) {
      for (std::uint32_t row = r.rows.first; row <= r.rows.last; ++row) remark[row] = true;
    }
    std::vector<bool> body(rows_.size(), false);
    for (const Unit& unit : out_.units) {
      for (std::uint32_t row = unit.start + 1; row <= unit.body.last; ++row) body[row] = true;
    }
    // A part of a file may begin within something.
    const auto first = std::ranges::find_if(indents_, [](std::size_t indent) { return indent != kNoIndent; });
    const std::size_t base = first == indents_.end() ? 0 : *first;
    std::vector<std::uint32_t> conditions;  // those that are open
    std::uint32_t last = kNone;             // the item that deeper rows belong to
    bool open = false;                      // the row above goes on
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      if (indents_[row] == kNoIndent) continue;
      if (remark[row] || is_comment(rows_[row])) {
        open = false;
        continue;
      }
      const std::string_view text = base::trim(rows_[row]);
      const std::uint32_t parent = conditions.empty() ? kNone : conditions.back();
      for (const std::uint32_t condition : conditions) out_.items[condition].rows.last = row;
      if (!open && is_condition(text)) {
        conditions.push_back(static_cast<std::uint32_t>(out_.items.size()));
        out_.items.push_back({{row, row}, parent, false});
        last = kNone;
      } else if (!open && is_condition_part(text)) {
        if (text.find("end") != std::string_view::npos && !conditions.empty()) conditions.pop_back();
        last = kNone;
      } else {
        const bool goes_on =
            open || closes(text) || text == "{" || body[row] || (indents_[row] > base && conditions.empty());
        const bool deeper = last != kNone && indents_[row] > indents_[out_.items[last].rows.first];
        if (last != kNone && (goes_on || deeper)) {
          out_.items[last].rows.last = row;
        } else {
          last = static_cast<std::uint32_t>(out_.items.size());
          out_.items.push_back({{row, row}, parent, goes_on});
        }
      }
      open = text.ends_with('\\') || text.ends_with(',') || text.ends_with('(') || (semicolons_ && goes_past(text));
    }
  }

  /// A row of SQL does not end a statement.
  bool goes_past(std::string_view text) {
    if (text.starts_with("BEGIN ATOMIC")) atomic_ = true;
    if (text.starts_with("END;")) atomic_ = false;
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
      std::size_t end = at + 1;
      while (end < text.size() && word_byte(text[end])) ++end;
      if (end == text.size() || text[end] != '$') continue;  // "$1"
      quoted_ = !quoted_;
      at = end;
    }
    return quoted_ || atomic_ || !text.ends_with(';');
  }

  /// Values of one literal, each on a row of its own: "  [\"ctrl+z\"] = \"doc:undo\",".
  void add_tables() {
    std::vector<bool> body(rows_.size(), false);
    for (const Unit& unit : out_.units) {
      for (std::uint32_t row = unit.body.first; row <= unit.body.last; ++row) body[row] = true;
    }
    Table table;
    const auto end = [&] {
      if (table.items.size() >= kLongTable) out_.tables.push_back(std::move(table));
      table = Table{};
    };
    for (std::uint32_t row = 1; row < rows_.size(); ++row) {
      if (indents_[row] == kNoIndent || is_comment(rows_[row])) continue;
      const std::string_view text = base::trim(rows_[row]);
      const bool value = indents_[row] > 0 && !body[row] && text.ends_with(',') && is_closed(text);
      if (!value || (!table.items.empty() && indents_[row] != indents_[table.items.front().first])) end();
      if (!value) continue;
      if (table.items.empty()) table.head = row - 1;
      table.items.push_back({row, row});
    }
    end();
  }

  /// As many brackets are closed as opened.
  static bool is_closed(std::string_view row) {
    return open_brackets(row) == 0 && std::ranges::count(row, '{') == std::ranges::count(row, '}');
  }

  static std::string_view directive(std::string_view text) {
    while (!text.empty() && (text.front() == '#' || text.front() == ' ')) text.remove_prefix(1);
    return take_word(text);
  }
  /// "ifeq ($(A),y)", "#ifdef A"
  static bool is_condition(std::string_view text) {
    static constexpr std::array<std::string_view, 4> kWords = {"ifdef", "ifndef", "ifeq", "ifneq"};
    const std::string_view word = directive(text);
    return one_of(kWords, word) || (word == "if" && text.starts_with('#'));
  }
  /// "else", "endif"
  static bool is_condition_part(std::string_view text) {
    const std::string_view word = directive(text);
    return word == "endif" || word == "else" || (text.starts_with('#') && (word == "elif" || word == "elifdef"));
  }

  void scan(Rows rows, int depth) {
    if (rows_.empty()) return;
    for (std::uint32_t row = rows.first; row <= rows.last;) row = std::max(add_unit(row, depth), row + 1);
  }

  /// The unit that begins at the row, or those in it; gives the row behind it, or `row` when there is none.
  std::uint32_t add_unit(std::uint32_t row, int depth) {
    static constexpr int kDeepest = 6;
    const std::size_t indent = indents_[row];
    if (indent == kNoIndent) return row;
    auto name = function_at(row);
    if (!name) return row;
    const std::uint32_t header = header_end(row);
    std::uint32_t end = header + 1;  // behind the last deeper row
    std::uint32_t last = header;     // the last that is not blank
    for (; end < rows_.size() && (indents_[end] == kNoIndent || indents_[end] > indent); ++end) {
      if (indents_[end] != kNoIndent) last = end;
    }
    if (last < header + 2) return row;
    Unit unit;
    unit.body = {header + 1, last};
    // "void main() {", "describe('x', function()": what holds others is looked into.
    const std::size_t before = out_.units.size();
    if (depth < kDeepest) scan(unit.body, depth + 1);
    if (out_.units.size() >= before + 2) {
      std::size_t inner = 0;
      for (std::size_t i = before; i < out_.units.size(); ++i) inner += bytes_of(out_.units[i].body);
      if (inner * 2 >= bytes_of(unit.body)) return last + 1;
    }
    out_.units.resize(before);
    unit.name = *std::move(name);
    unit.start = first_with_attributes(row);
    unit.header_end = header;
    unit.retained = true;
    if (end < rows_.size() && end == last + 1 && indents_[end] == indent && closes(rows_[end])) unit.close = end;
    out_.units.push_back(std::move(unit));
    return last + 1;
  }

  /// What a row that begins a function calls it; nullopt for any other row.
  std::optional<std::string> function_at(std::uint32_t row) const {
    if (auto name = function_of(rows_[row], indents_[row])) return name;
    // "Type name(" or "Type name(a," and the rest of the arguments below.
    const std::string_view text = base::trim(rows_[row]);
    if (text.find('(') == std::string_view::npos || open_brackets(text) <= 0) return std::nullopt;
    int open = open_brackets(text);
    std::uint32_t at = row;
    while (open > 0 && at + 1 < rows_.size() && at < row + kLongestHeader) open += open_brackets(rows_[++at]);
    if (open != 0 || !base::trim(rows_[at]).ends_with('{')) return std::nullopt;
    return function_of(fmt::format("{}) {{", text.substr(0, text.find('(') + 1)), indents_[row]);
  }

  /// The last row of the signature that begins at `row`.
  std::uint32_t header_end(std::uint32_t row) const {
    int open = open_brackets(rows_[row]);
    std::uint32_t at = row;
    // A call whose last argument is the body stays open: "test('does it', () {".
    while (open > 0 && !rows_[at].ends_with('{') && at + 1 < rows_.size() && at < row + kLongestHeader)
      open += open_brackets(rows_[++at]);
    while (!opens(rows_[at]) && at + 1 < rows_.size() && at < row + kLongestHeader && goes_on(rows_[at + 1])) ++at;
    if (at + 1 < rows_.size() && indents_[at + 1] == indents_[row] && base::trim(rows_[at + 1]) == "{") return at + 1;
    // "def f(%{", deeper rows, "}) do"
    std::uint32_t behind = at + 1;
    while (behind < rows_.size() && behind < at + kLongestHeader &&
           (indents_[behind] == kNoIndent || indents_[behind] > indents_[row]))
      ++behind;
    const bool bracket = behind > at + 1 && behind < rows_.size() && indents_[behind] == indents_[row] &&
                         std::string_view("})]").find(base::trim(rows_[behind]).front()) != std::string_view::npos;
    return bracket && base::trim(rows_[behind]).size() > 1 && opens(rows_[behind]) ? behind : at;
  }

  static bool goes_on(std::string_view row) {
    static constexpr std::array<std::string_view, 7> kClauses = {"when", "where", "throws", "returns",
                                                                 "with", "and",   "or"};
    row = base::trim(row);
    return one_of(kClauses, take_word(row));
  }

  /// Attributes and annotations right above belong to the signature.
  std::uint32_t first_with_attributes(std::uint32_t row) const {
    while (row > 0 && indents_[row - 1] == indents_[row] && base::trim(rows_[row - 1]).starts_with('@')) --row;
    return row;
  }

  /// Statements over several rows in a body, by what is indented below them.
  void add_statements(Rows body) {
    std::vector<std::uint32_t> open;  // statements, by rising indentation of their first rows
    for (std::uint32_t row = body.first; row <= body.last; ++row) {
      const std::size_t indent = indents_[row];
      if (indent == kNoIndent) continue;
      while (!open.empty() && indent <= head_indent(open.back())) {
        const std::uint32_t statement = open.back();
        if (indent == head_indent(statement) && (closes(rows_[row]) || is_clause(rows_[row]))) break;
        open.pop_back();
      }
      const bool is_part = !open.empty() && indent == head_indent(open.back());
      if (!open.empty()) {
        extend(open, row);
        out_.statement_of[row] = open.back();
        out_.in_block[row] = !is_part;
      }
      if (is_part || !has_deeper(row, body.last)) continue;
      Statement statement;
      statement.rows = {row, row};
      if (!open.empty()) statement.parent = open.back();
      open.push_back(static_cast<std::uint32_t>(out_.statements.size()));
      out_.statements.push_back(statement);
      out_.statement_of[row] = open.back();
      out_.in_block[row] = false;
    }
  }

  void extend(const std::vector<std::uint32_t>& open, std::uint32_t row) {
    for (const std::uint32_t statement : open) out_.statements[statement].rows.last = row;
  }

  std::size_t head_indent(std::uint32_t statement) const { return indents_[out_.statements[statement].rows.first]; }

  bool has_deeper(std::uint32_t row, std::uint32_t last) const {
    for (std::uint32_t next = row + 1; next <= last; ++next) {
      if (indents_[next] != kNoIndent) return indents_[next] > indents_[row];
    }
    return false;
  }

  /// "else", "rescue", "} catch": goes on with the statement above.
  static bool is_clause(std::string_view row) {
    static constexpr std::array<std::string_view, 9> kClauses = {"else",  "elseif", "elsif", "elif",   "rescue",
                                                                 "catch", "ensure", "after", "finally"};
    row = base::trim(row);
    while (!row.empty() && (row.front() == '}' || row.front() == ' ')) row.remove_prefix(1);
    return one_of(kClauses, take_word(row));
  }

  /// Runs of comments outside of bodies.
  void add_remarks() {
    static constexpr std::uint32_t kShortest = 3;
    std::vector<bool> inside(rows_.size(), false);
    for (const Unit& unit : out_.units) {
      for (std::uint32_t row = unit.body.first; row <= unit.body.last; ++row) inside[row] = true;
    }
    for (std::uint32_t row = 0; row < rows_.size();) {
      std::uint32_t end = row;
      while (end < rows_.size() && !inside[end] && is_comment(rows_[end])) ++end;
      const std::uint32_t doc = inside[row] ? row : doc_end(row);
      const std::uint32_t block = inside[row] ? row : block_end(row);
      if (block > row) {
        Remark remark;
        remark.rows = {row, block};
        remark.keep = std::min(base::trim(rows_[row]).size() > 3 ? 1U : 2U, remark.rows.count());
        remark.close = " */";
        remark.block = true;
        out_.remarks.push_back(std::move(remark));
        row = block + 1;
        continue;
      }
      if (doc >= row + kShortest) {
        Remark remark;
        remark.rows = {row, doc};
        remark.keep = 2;
        remark.close = "\"\"\"";
        out_.remarks.push_back(std::move(remark));
        end = doc + 1;
      } else if (doc > row) {
        end = doc + 1;  // its last row opens no other
      } else if (end >= row + kShortest) {
        Remark remark;
        remark.rows = {row, end - 1};
        remark.keep = row == 0 ? 2 : 1;
        out_.remarks.push_back(remark);
      }
      row = std::max(end, row + 1);
    }
  }

  /// Documentation in quotes of its own: from the row after which it goes on to the one that closes it.
  std::uint32_t doc_end(std::uint32_t row) const {
    static constexpr std::string_view kQuotes = "\"\"\"";
    const std::string_view text = base::trim(rows_[row]);
    const bool opens_doc = text == kQuotes || (text.starts_with('@') && text.ends_with(kQuotes)) ||
                           (text.starts_with(kQuotes) && text.find(kQuotes, 3) == std::string_view::npos);
    if (!opens_doc) return row;
    for (std::uint32_t end = row + 1; end < rows_.size(); ++end) {
      if (base::trim(rows_[end]).starts_with(kQuotes)) return end;
    }
    return row;
  }

  /// A comment from "/*" to "*/" over several rows; `row` where none begins.
  std::uint32_t block_end(std::uint32_t row) const {
    const std::string_view text = base::trim(rows_[row]);
    if (!text.starts_with("/*") || text.find("*/") != std::string_view::npos) return row;
    for (std::uint32_t end = row + 1; end < rows_.size(); ++end) {
      const std::size_t close = rows_[end].find("*/");
      if (close != std::string_view::npos) return base::trim(rows_[end].substr(close + 2)).empty() ? end : row;
    }
    return row;
  }

  static bool is_comment(std::string_view row) {
    row = base::trim(row);
    return row.starts_with("# ") || row.starts_with("#' ") || row == "#'" || row == "#" || row.starts_with("## ") ||
           row.starts_with("//") || row.starts_with("-- ") || row == "--" || row.starts_with(";; ") || row == ";;" ||
           row.starts_with("% ") || row.starts_with("%% ") || row == "%%" || row.starts_with("dnl ") ||
           (row.starts_with("/*") && row.ends_with("*/"));
  }

  const std::vector<std::string_view>& rows_;
  bool semicolons_;
  bool quoted_ = false;  ///< between "$$" and "$$"
  bool atomic_ = false;  ///< between "BEGIN ATOMIC" and "END;"
  std::vector<std::size_t> indents_;
  Outline out_;
};

}  // namespace

bool has_layout_only(std::string_view path) {
  return known_extension(path) != nullptr;
}

Language layout_language(std::string_view path, const std::vector<std::string_view>& rows) {
  if (const Known* known = known_extension(path))
    return {known->name, known->comment, Layout::kEnd, nullptr, known->comment_end};
  static constexpr std::array<std::string_view, 5> kComments = {"#", "//", "--", ";;", "%"};
  std::array<std::size_t, kComments.size()> counts{};
  for (const std::string_view row : rows) {
    const std::string_view text = base::trim(row);
    for (std::size_t i = 0; i < kComments.size(); ++i) counts[i] += text.starts_with(kComments[i]);
  }
  const auto most = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
  return {"indented source", kComments[most], Layout::kEnd, nullptr, {}};
}

std::optional<Outline> read_layout(const std::vector<std::string_view>& rows, const Language& language) {
  return LayoutReader(rows, language.name == "sql").read();
}

}  // namespace headroom::compress::code
