#include "compress/code/cuts.h"

namespace headroom::compress::code {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// What may stand between the things of a list.
bool separates(TSNode node) {
  const std::string_view type = ts_node_type(node);
  return type == ";" || type == "," || type == "&" || type == "\n" || type == "\r\n";
}

/// A list of statements follows.
bool opens(TSNode node) {
  const std::string_view type = ts_node_type(node);
  return type == ":" || type == "{";
}

bool closes(TSNode node) {
  return !ts_node_is_null(node) && std::string_view(ts_node_type(node)) == "}";
}

/// Every bracket and every "#if" in the text has its partner there.
bool is_balanced(std::string_view text) {
  int brackets = 0, conditions = 0;
  bool row_begins = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    brackets += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    if (c == '#' && row_begins) {
      std::string_view word = text.substr(at + 1);
      word.remove_prefix(std::min(word.find_first_not_of(" \t"), word.size()));
      conditions += word.starts_with("if") ? 1 : word.starts_with("endif") ? -1 : 0;
      if (conditions == 0 && word.starts_with("el")) return false;
    }
    if (brackets < 0 || conditions < 0) return false;
    row_begins = c == '\n' || (row_begins && is_space(c));
  }
  return brackets == 0 && conditions == 0;
}

}  // namespace

Cuts::Cuts(const Language& language, const NodeKinds& kinds, const TSTree& tree,
           const std::vector<std::string_view>& rows)
    : language_(language),
      kinds_(kinds),
      root_(ts_tree_root_node(&tree)),
      rows_(rows),
      code_(rows.empty() ? nullptr : rows.front().data()),
      cursor_(ts_tree_cursor_new(root_)) {}

Cuts::Found Cuts::check(std::uint32_t first, std::uint32_t last, TSNode around) {
  const char* end = rows_[last].data() + rows_[last].size();
  const Range range = trimmed(static_cast<std::size_t>(rows_[first].data() - code_),
                              static_cast<std::size_t>(end - code_) + 1);  // each row ends with '\n'
  if (range.from == range.last) return {Cut::kClean, 0};                   // blank rows
  const bool known =
      !ts_node_is_null(around) && ts_node_start_byte(around) < range.from && end_of(around) >= range.last;
  return within(known ? around : root_, range);
}

Cuts::Found Cuts::check_items(std::uint32_t first, std::uint32_t last) {
  const Found found = check(first, last, TSNode{});
  if (found.cut != Cut::kTears || !ts_node_has_error(root_)) return found;
  const char* from = rows_[first].data();
  const char* to = rows_[last].data() + rows_[last].size();
  return is_balanced({from, static_cast<std::size_t>(to - from)}) ? Found{Cut::kClean, first} : found;
}

Cuts::Range Cuts::trimmed(std::size_t from, std::size_t to) const {
  Range range{from, to, to};
  while (range.from < range.last && is_space(code_[range.from])) ++range.from;
  while (range.last > range.from && is_space(code_[range.last - 1])) --range.last;
  return range;
}

Cuts::Found Cuts::within(TSNode parent, const Range& range) {
  ts_tree_cursor_reset(&cursor_, parent);
  TSNode child{};
  for (;;) {
    if (ts_tree_cursor_goto_first_child_for_byte(&cursor_, static_cast<std::uint32_t>(range.from)) < 0) return {};
    child = ts_tree_cursor_current_node(&cursor_);
    const std::size_t start = ts_node_start_byte(child), end = end_of(child);
    if (start > range.from || end < range.last || (start == range.from && end <= range.to)) break;
    parent = child;
  }
  if (ts_node_is_error(parent)) return within_error(range);
  Gone gone;
  TSNode torn{};
  if (ts_node_start_byte(child) < range.from) {
    torn = child;
    if (!ts_tree_cursor_goto_next_sibling(&cursor_)) return {};
  }
  if (!collect(range, gone)) {
    // Comments, and then the first statements of a block.
    const bool enters = gone.things == 0 && ts_node_is_null(torn) && !ts_node_is_null(gone.next);
    return enters ? within(gone.next, {ts_node_start_byte(gone.next), range.last, range.to}) : Found{};
  }
  if (ts_node_is_null(torn)) return judge(parent, range, gone);
  // What ends by indentation alone may lose its end together with what follows it; else only comments follow.
  if (gone.things > 0 && (language_.layout != Layout::kIndent || !is_list(parent))) return {};
  return within(torn, trimmed(range.from, ts_node_end_byte(torn)));
}

/// What has lost its beginning, as a part of a file has, parses no worse without whole things whose brackets match.
Cuts::Found Cuts::within_error(const Range& range) {
  const std::uint32_t row = ts_node_start_point(ts_tree_cursor_current_node(&cursor_)).row;
  if (!is_balanced({code_ + range.from, range.last - range.from}) ||
      ts_node_start_byte(ts_tree_cursor_current_node(&cursor_)) < range.from)
    return {};
  do {
    const TSNode node = ts_tree_cursor_current_node(&cursor_);
    if (ts_node_start_byte(node) >= range.last) break;
    if (end_of(node) > range.to) return {};
  } while (ts_tree_cursor_goto_next_sibling(&cursor_));
  return {Cut::kClean, row};
}

/// Some grammars have the space up to the next token as a part of the node before.
std::size_t Cuts::end_of(TSNode node) const {
  const std::size_t start = ts_node_start_byte(node);
  std::size_t end = ts_node_end_byte(node);
  while (end > start && is_space(code_[end - 1])) --end;
  return end;
}

bool Cuts::collect(const Range& range, Gone& gone) {
  do {
    const TSNode node = ts_tree_cursor_current_node(&cursor_);
    if (ts_node_start_byte(node) >= range.last) {
      gone.next = node;
      break;
    }
    if (end_of(node) > range.to) {
      gone.next = node;
      return false;
    }
    if (ts_node_is_extra(node) || (kinds_(node) & kComment) != 0) continue;
    if (!ts_node_is_named(node)) {
      if (!separates(node)) return false;
      continue;
    }
    if (gone.things++ == 0) gone.first = node;
  } while (ts_tree_cursor_goto_next_sibling(&cursor_));
  // The text of a here-document stands behind the statement that it is part of.
  return (gone.things == 0 || (kinds_(gone.first) & kHereText) == 0) &&
         (ts_node_is_null(gone.next) || (kinds_(gone.next) & kHereText) == 0);
}

Cuts::Found Cuts::judge(TSNode parent, const Range& range, const Gone& gone) {
  if (gone.things == 0) return {Cut::kClean, 0};
  const std::uint32_t row = ts_node_start_point(gone.first).row;
  if (is_list(parent)) {
    const bool may_be_empty = language_.layout != Layout::kIndent || (kinds_(parent) & kData) != 0 || is_root(parent);
    return {may_be_empty || keeps_statement(parent, range) ? Cut::kClean : Cut::kEmpties, row};
  }
  // A list of statements that is all there is between the delimiters of what is around it.
  if (gone.things != 1 || (kinds_(gone.first) & kBlock) == 0) return {};
  if (language_.layout == Layout::kIndent) return {Cut::kEmpties, row};
  if (language_.layout == Layout::kEnd) return {Cut::kClean, row};
  TSNode before = ts_node_prev_sibling(gone.first);
  while (!ts_node_is_null(before) && ts_node_is_extra(before)) before = ts_node_prev_sibling(before);
  const bool opened = !ts_node_is_null(before) && opens(before);
  return {opened || closes(gone.next) ? Cut::kClean : Cut::kTears, row};
}

bool Cuts::is_root(TSNode node) const {
  return ts_node_eq(node, root_);
}

bool Cuts::is_list(TSNode node) const {
  return (kinds_(node) & (kBlock | kData | kValues)) != 0 || is_root(node);
}

bool Cuts::keeps_statement(TSNode block, const Range& gone) {
  ts_tree_cursor_reset(&cursor_, block);
  for (bool more = ts_tree_cursor_goto_first_child(&cursor_); more; more = ts_tree_cursor_goto_next_sibling(&cursor_)) {
    const TSNode node = ts_tree_cursor_current_node(&cursor_);
    const std::size_t start = ts_node_start_byte(node);
    if (start >= gone.from && start < gone.last) continue;
    if (ts_node_is_named(node) && !ts_node_is_extra(node)) return true;
  }
  return false;
}

}  // namespace headroom::compress::code
