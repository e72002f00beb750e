#include "compress/code/outline.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "compress/code/node_kinds.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kDeepest = 24;         // units inside units beyond which a body is just text
constexpr std::uint32_t kMostChildren = 64;  // of a unit that are looked at
constexpr std::uint32_t kLongTable = 30;     // rows of a literal that is worth looking at
constexpr std::uint32_t kManyItems = 8;
constexpr std::uint32_t kLongestHead = 12;   // rows of decorators, attributes and template parameters
constexpr std::size_t kLongestTail = 12;     // bytes behind "}" that a gap repeats
constexpr std::uint32_t kLicenceWithin = 4;  // rows from the top at which a licence begins

std::uint32_t first_row(TSNode node) {
  return ts_node_start_point(node).row;
}

/// The last row that a node has text on.
std::uint32_t last_row(TSNode node) {
  const TSPoint end = ts_node_end_point(node);
  return end.column == 0 && end.row > first_row(node) ? end.row - 1 : end.row;
}

bool has_word(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0; });
}

std::size_t indent(std::string_view row) {
  return std::min(row.find_first_not_of(" \t"), row.size());
}

/// One row that gives a name a value: "#define A 1", "A = 1", "public static final int A = 1;".
bool is_constant(std::string_view row) {
  row = base::trim(row);
  if (row.starts_with("#define ")) {
    const std::size_t name = row.find_first_not_of(" \t", 8);
    const std::size_t end = row.find_first_of(" \t(", name == std::string_view::npos ? row.size() : name);
    return end != std::string_view::npos && row[end] != '(' && !row.ends_with('\\');
  }
  const std::size_t equal = row.find('=');
  if (equal == std::string_view::npos || equal == 0 || equal + 1 >= row.size() || equal > 100) return false;
  const char after = row[equal + 1], before = row[equal - 1];
  if (after == '=' || after == '>' || std::string_view("!<>=:+-*/|&^%").find(before) != std::string_view::npos)
    return false;
  const bool plain = std::ranges::all_of(row.substr(0, equal), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view(" \t_$:<>*&?[]").find(c) != std::string_view::npos;
  });
  const std::string_view value = base::trim(row.substr(equal + 1));
  if (!plain || value.empty() || value.find('{') != std::string_view::npos ||
      value.find("=>") != std::string_view::npos)
    return false;
  return std::ranges::count(value, '(') == std::ranges::count(value, ')') &&
         std::ranges::count(value, '[') == std::ranges::count(value, ']') && !value.ends_with('\\');
}

/// Ids of the fields that are asked for; 0, which no node has, where the grammar has none of that name.
struct Fields {
  explicit Fields(const TSLanguage* grammar) : grammar_(grammar) {}
  TSFieldId id(std::string_view field) const {
    return ts_language_field_id_for_name(grammar_, field.data(), static_cast<std::uint32_t>(field.size()));
  }

  const TSLanguage* grammar_;
  TSFieldId body = id("body"), name = id("name"), type = id("type"), declarator = id("declarator"),
            receiver = id("receiver"), arguments = id("arguments");
  std::array<TSFieldId, 4> bindings = {name, id("left"), id("key"), id("property")};
};

/// A cursor beside the one that walks.
struct Aside {
  explicit Aside(TSNode root) : cursor(ts_tree_cursor_new(root)) {}
  ~Aside() { ts_tree_cursor_delete(&cursor); }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  TSTreeCursor cursor;
};

class Walker {
 public:
  Walker(const Language& language, const NodeKinds& kinds, TSNode root, std::string_view code,
         const std::vector<std::string_view>& rows)
      : language_(language), kinds_(kinds), fields_(language.grammar()), code_(code), rows_(rows), aside_(root) {
    out_.statement_of.assign(rows.size(), kNone);
    out_.in_block.assign(rows.size(), false);
    const std::string_view name = language.name;
    binds_ = name == "javascript" || name == "typescript" || name == "tsx";
  }

  Outline run(TSNode root) {
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    bool entered = enter(ts_tree_cursor_current_node(&cursor), true);
    for (bool more = true; more;) {
      if (entered && ts_tree_cursor_goto_first_child(&cursor)) {
        entered = enter(ts_tree_cursor_current_node(&cursor), false);
        continue;
      }
      if (entered) frames_.pop_back();
      while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
        if (!ts_tree_cursor_goto_parent(&cursor)) {
          more = false;
          break;
        }
        frames_.pop_back();
      }
      if (more) entered = enter(ts_tree_cursor_current_node(&cursor), false);
    }
    ts_tree_cursor_delete(&cursor);
    return std::move(out_);
  }

 private:
  struct Frame {
    TSNode node{};
    std::uint16_t kinds = 0;
    bool block = false;               ///< children are statements or members, on rows of their own
    std::uint32_t unit = kNone;       ///< innermost unit around
    std::uint32_t statement = kNone;  ///< innermost recorded statement around
    Rows around{};                    ///< rows of the innermost statement or member
    bool clean = false;               ///< ... which shares none of them with another
    bool in_named = false;            ///< some unit around is a function with a name
    std::size_t depth = 0;            ///< of units
    std::uint32_t item = kNone;       ///< innermost item around
    std::string_view container;       ///< the class around
  };

  std::string_view text(TSNode node) const {
    const std::size_t from = ts_node_start_byte(node);
    return code_.substr(from, ts_node_end_byte(node) - from);
  }

  bool starts_row(TSNode node) const {
    const TSPoint at = ts_node_start_point(node);
    return at.row < rows_.size() && base::trim(rows_[at.row].substr(0, at.column)).empty();
  }

  /// Nothing but what ends a statement stands behind the node on its last row.
  bool ends_row(TSNode node) const {
    const TSPoint end = ts_node_end_point(node);
    if ((end.column == 0 && end.row > first_row(node)) || end.row >= rows_.size()) return true;
    const std::string_view row = rows_[end.row];
    const std::string_view rest = base::trim(row.substr(std::min<std::size_t>(end.column, row.size())));
    return rest.empty() || rest == ";" || rest == "," || rest.starts_with("//") || rest.starts_with("#") ||
           rest.starts_with("; //");
  }

  bool ruby_block(TSNode node) const {
    return language_.layout == Layout::kEnd && std::string_view(ts_node_type(node)) == "block";
  }

  /// Takes note of a node; true when its children are to be seen, for which a frame is pushed.
  bool enter(TSNode node, bool root) {
    const std::uint16_t kinds = root ? std::uint16_t{kBlock} : kinds_(node);
    const Rows rows{first_row(node), last_row(node)};
    const std::uint32_t item = (kinds & kComment) == 0 && !root ? add_item(node, rows, kinds) : kNone;
    if (rows.first == rows.last && !root && (kinds & (kComment | kImport)) == 0) return false;
    const Frame outer = frames_.empty() ? Frame{} : frames_.back();
    if ((kinds & kComment) != 0) {
      add_comment(node, outer);
      return false;
    }
    if ((kinds & kImport) != 0 && outer.block) {
      if (outer.unit == kNone && starts_row(node) && ends_row(node)) out_.imports.push_back({rows});
      return false;
    }
    if (rows.first == rows.last && !root) return false;
    Frame frame = outer;
    frame.node = node;
    frame.kinds = kinds;
    frame.block = false;
    if (item != kNone) frame.item = item;
    if (outer.block) {
      frame.around = rows;
      frame.clean = starts_row(node) && ends_row(node);
      if (outer.unit != kNone && frame.clean) add_statement(frame);
    }
    if (!root && ((kinds & (kNamedUnit | kAnonUnit)) != 0 || ruby_block(node))) add_unit(node, frame, outer);
    if ((kinds & (kData | kValues)) != 0 && outer.unit == kNone && rows.count() >= kLongTable) add_table(node, frame);
    if ((kinds & kContainer) != 0) {
      TSNode name = field(node, fields_.name);
      if (ts_node_is_null(name)) name = field(node, fields_.type);
      if (!ts_node_is_null(name)) frame.container = text(name);
    }
    if ((kinds & kContainer) != 0 && outer.unit != kNone && frame.clean) add_island(outer.unit, frame);
    if ((kinds & kBlock) != 0 && !ruby_block(node)) {
      frame.block = root || add_block(node, frame);
      if (language_.layout == Layout::kIndent && (root || (outer.kinds & kContainer) != 0)) add_docstring(node);
    }
    // A part of a file that begins within something.
    if (frames_.size() == 1 && ts_node_is_error(node)) frame.block = true;
    frames_.push_back(frame);
    return true;
  }

  /// Takes note of what stands in a list outside of functions; kNone for anything else.
  std::uint32_t add_item(TSNode node, Rows rows, std::uint16_t kinds) {
    const Frame& around = frames_.back();
    if (!around.block || around.unit != kNone || rows.last >= rows_.size() || !ts_node_is_named(node)) return kNone;
    if (around.item != kNone && out_.items[around.item].rows.first == rows.first) return kNone;  // "#ifdef NAME"
    const bool ends = ends_row(node) || remark_follows(node);
    if (!out_.items.empty() && out_.items.back().parent == around.item && out_.items.back().rows.last >= rows.first) {
      // "int remove (const char *) __THROW;" may be two things to the grammar.
      Item& before = out_.items.back();
      if (rows.last >= before.rows.last) before.fixed = torn_start_ || !ends;
      before.rows.last = std::max(before.rows.last, rows.last);
      return static_cast<std::uint32_t>(out_.items.size() - 1);
    }
    torn_start_ = !starts_row(node) || (kinds & kImport) != 0;
    out_.items.push_back({rows, around.item, torn_start_ || !ends});
    return static_cast<std::uint32_t>(out_.items.size() - 1);
  }

  /// "int fd; /* of the log */"
  bool remark_follows(TSNode node) const {
    const TSPoint end = ts_node_end_point(node);
    const std::string_view row = rows_[end.row];
    std::string_view rest = base::trim(row.substr(std::min<std::size_t>(end.column, row.size())));
    while (rest.starts_with(';') || rest.starts_with(',')) rest = base::trim(rest.substr(1));
    return rest.starts_with("/*") && rest.ends_with("*/");
  }

  void add_statement(Frame& frame) {
    const auto index = static_cast<std::uint32_t>(out_.statements.size());
    out_.statements.push_back({frame.around, frame.statement});
    frame.statement = index;
    own(frame.around, index, false);
  }

  /// From here on the rows belong to that statement.
  void own(Rows rows, std::uint32_t statement, bool in_block) {
    for (std::size_t row = rows.first; row <= rows.last && row < rows_.size(); ++row) {
      out_.statement_of[row] = statement;
      out_.in_block[row] = in_block;
    }
  }

  /// The whole rows that a body has between its delimiters, or all of its rows when it has none.
  std::optional<Rows> interior(TSNode body) const {
    const std::string_view all = text(body);
    if (all.size() < 2) return std::nullopt;
    const std::uint32_t first = first_row(body);
    const TSPoint end = ts_node_end_point(body);
    if ((all.front() == '{' && all.back() == '}') || (all.front() == '(' && all.back() == ')')) {
      if (end.row < first + 2 || end.row >= rows_.size()) return std::nullopt;
      // A statement that begins on the row of the opening delimiter would be cut in two.
      const TSNode head = ts_node_named_child(body, 0);
      if (!ts_node_is_null(head) && first_row(head) == first && last_row(head) != first && !sole_list(body, head)) {
        return std::nullopt;
      }
      if (!base::trim(rows_[end.row].substr(0, end.column - 1)).empty()) return std::nullopt;
      return Rows{first + 1, end.row - 1};
    }
    if (!starts_row(body)) return std::nullopt;
    return Rows{first, last_row(body)};
  }

  /// A list of statements that is all there is between the braces says nothing about where its first one begins.
  static bool sole_list(TSNode body, TSNode head) {
    return ts_node_named_child_count(body) == 1 && std::string_view(ts_node_type(head)).starts_with("statement");
  }

  /// True when the children of the block stand on rows of their own.
  bool add_block(TSNode node, const Frame& frame) {
    // The rows of "#if" stay or go with the statement as a whole, but what is between are statements.
    if (text(node).starts_with("#")) return true;
    const auto rows = interior(node);
    if (!rows) return false;
    if (frame.unit != kNone) {
      for (std::size_t row = rows->first; row <= rows->last && row < rows_.size(); ++row) out_.in_block[row] = true;
    }
    return true;
  }

  /// Children in order, until `use` returns false.
  template <typename Use>
  void each_child(TSNode node, Use use) {
    ts_tree_cursor_reset(&aside_.cursor, node);
    for (bool more = ts_tree_cursor_goto_first_child(&aside_.cursor); more;
         more = ts_tree_cursor_goto_next_sibling(&aside_.cursor)) {
      if (!use(ts_tree_cursor_current_node(&aside_.cursor))) return;
    }
  }

  TSNode body_of(TSNode node) const {
    const TSNode body = field(node, fields_.body);
    if (!ts_node_is_null(body)) return body;
    for (std::uint32_t i = std::min(ts_node_child_count(node), kMostChildren); i-- > 0;) {
      const TSNode child = ts_node_child(node, i);
      const std::string_view all = text(child);
      if ((kinds_(child) & kBlock) != 0 && all.starts_with("{")) return child;
    }
    // A Kotlin initializer, a Swift closure: the braces are the node's own.
    return text(node).starts_with("{") ? node : body;
  }

  /// The rows of a unit's body that can go; nullopt when it has none or they are not its own.
  std::optional<Rows> body_rows(TSNode node, TSNode body) {
    const std::string_view all = text(body);
    auto rows = interior(body);
    if (!rows || all.starts_with("{")) return rows;
    if (language_.layout == Layout::kBraces && !all.starts_with("(")) return std::nullopt;
    if (language_.layout == Layout::kBraces) return rows;
    // Comments before the first statement belong to the body, too.
    std::uint32_t header = first_row(node);
    const std::string_view above = rows->first > header + 1 ? base::trim(rows_[rows->first - 1]) : "";
    if (!above.empty() && above.front() != '#') {
      header = rows->first - 1;
    } else if (rows->first > header + 1) {
      std::uint32_t count = 0;
      each_child(node, [&](TSNode child) {
        if (count++ == kMostChildren || ts_node_start_byte(child) >= ts_node_start_byte(body)) return false;
        if ((kinds_(child) & kComment) == 0) header = std::max(header, last_row(child));
        return true;
      });
    }
    if (rows->first <= header) return std::nullopt;
    rows->first = header + 1;
    if (language_.layout == Layout::kEnd) {
      const std::uint32_t end = last_row(node);
      if (end <= rows->first || end >= rows_.size() ||
          !base::trim(rows_[end]).starts_with(ruby_block(node) ? "}" : "end"))
        return std::nullopt;
      rows->last = end - 1;
    }
    return rows;
  }

  void add_unit(TSNode node, Frame& frame, const Frame& outer) {
    if (outer.depth >= kDeepest) return;
    const TSNode body = body_of(node);
    if (ts_node_is_null(body)) return;
    const auto rows = body_rows(node, body);
    if (!rows || rows->last >= rows_.size()) return;
    Unit unit;
    unit.node = node;
    unit.parent = outer.unit;
    unit.body = *rows;
    unit.header_end = rows->first - 1;
    unit.start = first_row(node);
    if (frame.clean && frame.around.first <= unit.start && frame.around.first + kLongestHead >= unit.start) {
      unit.start = frame.around.first;
    }
    const bool named = (frame.kinds & kNamedUnit) != 0;
    unit.name = named ? name_of(node) : bound_name();
    unit.owner = named ? owner_of(node, frame) : std::string();
    unit.retained = named || (binds_ && !unit.name.empty()) || (!outer.in_named && in_telling_call());
    if (outer.unit != kNone && !frame.clean) unit.retained = false;
    set_close(unit);
    if (ts_node_has_error(node) &&
        (unit.close == kNone || indent(rows_[unit.close]) != indent(rows_[first_row(node)]))) {
      return;  // what looks like the end of the body may be none
    }
    if (language_.layout == Layout::kIndent) set_doc(unit, body);
    const auto index = static_cast<std::uint32_t>(out_.units.size());
    if (unit.retained && outer.unit != kNone) add_island(outer.unit, frame);
    const bool own_chain = unit.retained || outer.unit == kNone;
    out_.units.push_back(std::move(unit));
    frame.unit = index;
    frame.depth = outer.depth + 1;
    frame.in_named = outer.in_named || named;
    if (own_chain) {
      frame.statement = kNone;
      own(*rows, kNone, true);
    }
  }

  /// The row of the closing delimiter, if a gap can repeat what it says.
  void set_close(Unit& unit) const {
    if (language_.layout == Layout::kIndent) return;
    const std::uint32_t row = unit.body.last + 1;
    if (row >= rows_.size()) return;
    const std::string_view tail = base::trim(rows_[row]);
    if (tail.size() <= kLongestTail && tail.find("//") == std::string_view::npos &&
        tail.find('#') == std::string_view::npos) {
      unit.close = row;
    }
  }

  /// A statement in the bodies around stays when they go, up to the first whose own signature stays.
  void add_island(std::uint32_t unit, const Frame& frame) {
    const std::uint32_t around = frame.statement == kNone ? kNone : out_.statements[frame.statement].parent;
    for (; unit != kNone; unit = out_.units[unit].parent) {
      out_.units[unit].islands.push_back({frame.around, around});
      if (out_.units[unit].retained) break;
    }
  }

  // --- names -------------------------------------------------------------------------------------------------------

  /// "ns::Class::method" is asked for as "method".
  static std::string last_part(std::string_view name) {
    name = base::trim(name.substr(0, name.find_first_of("\n<(")));
    const std::size_t at = name.find_last_of(":.>");
    if (at != std::string_view::npos && at + 1 < name.size()) name = name.substr(at + 1);
    return std::string(base::beginning(name, 80));
  }

  static TSNode field(TSNode node, TSFieldId id) { return ts_node_child_by_field_id(node, id); }

  std::string name_of(TSNode node) const {
    TSNode name = field(node, fields_.name);
    if (ts_node_is_null(name)) {
      name = field(node, fields_.declarator);
      for (int depth = 0; depth < 8 && !ts_node_is_null(name); ++depth) {
        const TSNode inner = field(name, fields_.declarator);
        if (ts_node_is_null(inner)) break;
        name = inner;
      }
      if (!ts_node_is_null(name) && std::string_view(ts_node_type(name)) == "reference_declarator") {
        name = ts_node_named_child(name, 0);
        const TSNode inner = ts_node_is_null(name) ? name : field(name, fields_.declarator);
        if (!ts_node_is_null(inner)) name = inner;
      }
    }
    if (ts_node_is_null(name)) {
      const std::uint32_t count = std::min<std::uint32_t>(ts_node_named_child_count(node), 6);
      for (std::uint32_t i = 0; i < count && ts_node_is_null(name); ++i) {
        const TSNode child = ts_node_named_child(node, i);
        if (std::string_view(ts_node_type(child)) == "simple_identifier") name = child;
      }
    }
    return ts_node_is_null(name) ? std::string() : last_part(text(name));
  }

  /// The class around, the receiver of a Go method, or what stands before "::".
  std::string owner_of(TSNode node, const Frame& frame) const {
    const TSNode receiver = field(node, fields_.receiver);
    if (!ts_node_is_null(receiver)) {
      std::string_view type = text(receiver);
      type = type.substr(0, type.find_last_not_of(" )") + 1);
      type = type.substr(type.find_last_of(" *(") + 1);
      return std::string(type.substr(0, type.find('[')));
    }
    const TSNode declarator = field(node, fields_.declarator);
    if (!ts_node_is_null(declarator)) {
      std::string_view name = text(declarator);
      name = name.substr(0, name.find('('));
      const std::size_t at = name.rfind("::");
      if (at != std::string_view::npos) return last_part(name.substr(0, at));
    }
    return std::string(frame.container.substr(0, std::min<std::size_t>(frame.container.find_first_of("<( \n"), 80)));
  }

  /// Notes a literal whose items stand on rows of their own.
  void add_table(TSNode node, const Frame& frame) {
    if (!out_.tables.empty() && out_.tables.back().items.back().last >= first_row(node)) return;  // in another
    Table table;
    table.head = frame.around.first;
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool clean = true;
    std::uint32_t remark = kNone;  // the first of the comments right above the next item
    for (bool more = ts_tree_cursor_goto_first_child(&cursor); more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
      const TSNode child = ts_tree_cursor_current_node(&cursor);
      if (!ts_node_is_named(child)) continue;
      Rows rows{first_row(child), last_row(child)};
      if ((kinds_(child) & kComment) != 0) {
        if (remark == kNone && starts_row(child)) remark = rows.first;
        continue;
      }
      if (rows.first == first_row(node)) continue;  // on the row of the opening bracket
      if (!table.items.empty() && table.items.back().last >= rows.first) {
        if (table.items.back().first != rows.first || rows.last != rows.first) clean = false;
        continue;  // several on one row
      }
      if (!starts_row(child)) clean = false;
      if (remark != kNone && remark < rows.first) rows.first = remark;
      remark = kNone;
      table.items.push_back(rows);
    }
    ts_tree_cursor_delete(&cursor);
    if (!clean || table.items.size() < kManyItems || table.items.back().last >= last_row(node)) return;
    // Where values are given by their place, each item needs those before it.
    const auto says_value = [&](const Rows& item) { return rows_[item.last].find('=') != std::string_view::npos; };
    if ((frame.kinds & kData) == 0 && !std::ranges::all_of(table.items, says_value)) return;
    out_.tables.push_back(std::move(table));
  }

  /// What the binding around an anonymous function calls it.
  std::string bound_name() const {
    for (std::size_t i = frames_.size(); i-- > 0 && frames_.size() - i < 3;) {
      if ((frames_[i].kinds & kBinding) == 0) continue;
      for (const TSFieldId part : fields_.bindings) {
        const TSNode name = field(frames_[i].node, part);
        if (!ts_node_is_null(name)) return last_part(text(name));
      }
    }
    return {};
  }

  /// describe("adds", () => {...}), app.get("/x", ...), (function() {...})(): calls whose callback is a part of the
  /// file as any function is.
  bool in_telling_call() const {
    for (std::size_t i = frames_.size(); i-- > 0 && frames_.size() - i < 5;) {
      const Frame& frame = frames_[i];
      if ((frame.kinds & kCall) != 0) {
        const TSNode function = ts_node_named_child(frame.node, 0);
        if (!ts_node_is_null(function) && text(function).starts_with("(")) return true;
        const TSNode arguments = field(frame.node, fields_.arguments);
        const TSNode head = ts_node_is_null(arguments) ? arguments : ts_node_named_child(arguments, 0);
        if (ts_node_is_null(head)) return false;
        const std::string_view word = text(head);
        return !word.empty() && std::string_view("\"'`:").find(word.front()) != std::string_view::npos;
      }
      if (frame.block) return false;
    }
    return false;
  }

  // --- comments ----------------------------------------------------------------------------------------------------

  /// Rows from the start of `rows` up to the first that says something.
  std::uint32_t rows_to_words(Rows rows) const {
    std::uint32_t row = rows.first;
    while (row < rows.last && !has_word(rows_[row])) ++row;
    return row - rows.first + 1;
  }

  void add_comment(TSNode node, const Frame& outer) {
    if (outer.unit != kNone || !starts_row(node)) return;
    const Rows rows{first_row(node), last_row(node)};
    const TSPoint end = ts_node_end_point(node);
    if (rows.last >= rows_.size()) return;
    if (end.row == rows.last &&
        !base::trim(rows_[rows.last].substr(std::min<std::size_t>(end.column, rows_[rows.last].size()))).empty())
      return;
    const std::string_view all = text(node);
    const bool line = rows.first == rows.last && !all.starts_with("/*");
    if (line && !out_.remarks.empty()) {
      Remark& before = out_.remarks.back();
      if (!before.block && before.close.empty() && before.rows.last + 1 == rows.first &&
          indent(rows_[before.rows.last]) == indent(rows_[rows.first])) {
        before.rows.last = rows.first;
        return;
      }
    }
    if (all.starts_with("=")) return add_pod(rows);
    if (all.starts_with("__")) return add_pods(rows);
    Remark remark;
    remark.rows = rows;
    if (!line) {
      remark.block = true;
      if (all.starts_with("/*")) {
        remark.close = " */";
      } else if (rows.first == rows.last) {
        return;
      }
    }
    out_.remarks.push_back(std::move(remark));
  }

  /// Documentation among what follows __END__.
  void add_pods(Rows rows) {
    for (std::uint32_t row = rows.first; row <= rows.last; ++row) {
      if (!rows_[row].starts_with("=")) continue;
      std::uint32_t end = row;
      while (end < rows.last && !rows_[end].starts_with("=cut")) ++end;
      add_pod({row, end});
      row = end;
    }
  }

  /// Documentation within Perl and Ruby: a remark for each section, so that headings stay.
  void add_pod(Rows rows) {
    std::uint32_t from = rows.first;
    for (std::uint32_t row = rows.first + 1; row <= rows.last; ++row) {
      const bool last = row == rows.last;
      if (!last && !rows_[row].starts_with("=head")) continue;
      Remark remark;
      remark.rows = {from, last ? row : row - 1};
      remark.block = true;
      out_.remarks.push_back(std::move(remark));
      from = row;
    }
  }

  /// The string that is a block's first statement.
  TSNode docstring(TSNode block) const {
    static constexpr std::uint32_t kMostComments = 64;
    const std::string_view head = text(block).substr(0, 3);
    if (head.find_first_of("\"'#") == std::string_view::npos) return TSNode{};
    TSNode child = ts_node_named_child(block, 0);
    for (std::uint32_t i = 1; i < kMostComments && !ts_node_is_null(child) && (kinds_(child) & kComment) != 0; ++i)
      child = ts_node_named_child(block, i);
    if (ts_node_is_null(child) || (kinds_(child) & kComment) != 0) return TSNode{};
    const bool statement = std::string_view(ts_node_type(child)) == "expression_statement";
    const TSNode string = statement ? ts_node_named_child(child, 0) : child;
    if (ts_node_is_null(string) || (kinds_(string) & kString) == 0) return TSNode{};
    // What stands in braces in f"..." is code.
    const std::string_view prefix = text(string).substr(0, text(string).find_first_of("\"'"));
    const bool plain = prefix.find_first_of("fFtT") == std::string_view::npos;
    return plain && starts_row(string) && ends_row(string) ? string : TSNode{};
  }

  static std::string quotes_of(std::string_view string) {
    return string.ends_with("\"\"\"") || string.ends_with("'''") ? std::string(string.substr(string.size() - 3))
                                                                 : std::string();
  }

  void add_docstring(TSNode block) {
    const TSNode string = docstring(block);
    if (ts_node_is_null(string)) return;
    Remark remark;
    remark.rows = {first_row(string), last_row(string)};
    remark.close = quotes_of(text(string));
    if (remark.rows.first == remark.rows.last || remark.close.empty()) return;
    out_.remarks.push_back(std::move(remark));
  }

  void set_doc(Unit& unit, TSNode body) const {
    const TSNode string = docstring(body);
    if (ts_node_is_null(string)) return;
    const Rows rows{first_row(string), last_row(string)};
    if (rows.first < unit.body.first || rows.last > unit.body.last) return;
    const std::string quotes = quotes_of(text(string));
    if (rows.first != rows.last && quotes.empty()) return;
    unit.doc_row = rows.first + rows_to_words(rows) - 1;
    unit.doc_last = rows.last;
    if (unit.doc_row != rows.last) unit.doc_close = quotes;
  }

 public:
  /// Constants that follow one another outside of any list: "#define A 1", "A = 1", "static final int A = 1;".
  void find_constants(Outline& outline) const {
    std::vector<bool> taken(rows_.size(), false);
    const auto take = [&](std::uint32_t first, std::uint32_t last) {
      for (std::size_t row = first; row <= last && row < taken.size(); ++row) taken[row] = true;
    };
    for (const Unit& unit : outline.units) take(unit.start, unit.close != kNone ? unit.close : unit.body.last);
    for (const Table& table : outline.tables) take(table.items.front().first, table.items.back().last);
    for (const Import& import : outline.imports) take(import.rows.first, import.rows.last);
    std::vector<bool> remark(rows_.size(), false);
    for (const Remark& r : outline.remarks) {
      for (std::uint32_t row = r.rows.first; row <= r.rows.last; ++row) remark[row] = true;
    }
    Table run;
    std::uint32_t above = kNone;  // comments right above the next item
    const auto end = [&] {
      if (run.items.size() >= kLongTable) outline.tables.push_back(std::move(run));
      run = Table{};
      above = kNone;
    };
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      if (!taken[row] && remark[row]) {
        if (above == kNone) above = row;
      } else if (!taken[row] && base::trim(rows_[row]).empty()) {
        above = kNone;
      } else if (!taken[row] && is_constant(rows_[row])) {
        if (run.items.empty()) run.head = row;
        run.items.push_back({above == kNone ? row : above, row});
        above = kNone;
      } else {
        end();
      }
    }
    end();
  }

  /// Tables that hold functions are none.
  static void finish_tables(Outline& outline) {
    std::erase_if(outline.tables, [&](const Table& table) {
      const auto unit = std::ranges::lower_bound(outline.units, table.items.front().first, {},
                                                 [](const Unit& u) { return u.body.first; });
      return unit != outline.units.end() && unit->body.first <= table.items.back().last;
    });
  }

  /// What stays of each remark.
  void finish_remarks(std::vector<Remark>& remarks) const {
    for (Remark& remark : remarks) {
      remark.keep = rows_to_words(remark.rows);
      if (remark.rows.first > kLicenceWithin) continue;
      for (std::uint32_t row = remark.rows.first; row <= remark.rows.last; ++row) {
        const std::string_view line = rows_[row];
        if (base::contains_ci(line, "copyright") || base::contains_ci(line, "licen") ||
            base::contains_ci(line, "spdx")) {
          remark.licence = true;
        }
      }
      const bool shebang = rows_[remark.rows.first].starts_with("#!");
      if (remark.licence && !remark.block && remark.close.empty()) remark.keep = shebang ? 1 : 0;
      if (!remark.licence && shebang) remark.keep = std::min(remark.rows.count(), 2U);
    }
  }

 private:
  const Language& language_;
  const NodeKinds& kinds_;
  Fields fields_;
  std::string_view code_;
  const std::vector<std::string_view>& rows_;
  bool binds_ = false;
  bool torn_start_ = false;  ///< the last item begins within a row, or must stay
  std::vector<Frame> frames_;
  Aside aside_;
  Outline out_;
};

}  // namespace

Outline read_outline(const Language& language, const NodeKinds& kinds, const TSTree& tree, std::string_view code,
                     const std::vector<std::string_view>& rows) {
  const TSNode root = ts_tree_root_node(&tree);
  Walker walker(language, kinds, root, code, rows);
  Outline outline = walker.run(root);
  walker.finish_remarks(outline.remarks);
  Walker::finish_tables(outline);
  walker.find_constants(outline);
  return outline;
}

}  // namespace headroom::compress::code
