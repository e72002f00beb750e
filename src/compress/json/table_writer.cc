#include "compress/json/table_writer.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "compress/json/cell.h"
#include "compress/json/derived.h"
#include "compress/marker.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// How a column is shown.
struct Form {
  bool in_rows = true;         ///< a cell in every row
  std::uint32_t fallback = 0;  ///< else: value number that rows hold unless they say otherwise; 0 for "missing"
  bool text = false;
  Derivation derived;  ///< where it has a source: what rows hold unless they say otherwise
};

/// About how many tokens a text of this length takes.
double token_guess(std::size_t bytes) {
  return 0.5 + static_cast<double>(bytes) / 4.0;
}

class Writer {
 public:
  Writer(std::string& out, const JsonDocument& doc, const Table& table, const std::vector<bool>& keep,
         IdleMembers* idle)
      : out_(out), doc_(doc), table_(table), keep_(keep), idle_(idle) {
    for (std::uint32_t row = 0; row < table_.rows.size(); ++row) {
      if (shown(row) && !table_.irregular[row]) regular_.push_back(row);
    }
  }

  void write(Legend& legend);

 private:
  bool shown(std::size_t row) const { return keep_.empty() || keep_[row]; }
  void choose_forms();
  /// How many of the rows shown hold each value of the column, those left out where a group itself stands for it.
  std::vector<std::uint32_t> shown_counts(const Column& column) const;
  bool needs_text_mark(const Column& column, const std::vector<std::uint32_t>& counts) const;
  Form choose_form(const Column& column, bool group_head) const;
  void derive_forms();
  /// The row need not say what it holds in a column without cells.
  bool holds(std::size_t column, std::size_t row) const;
  void write_opening(Legend& legend);
  void write_header();
  void write_row(std::size_t row);
  void write_regular(std::size_t row);
  void write_items();
  void append_value(const Column& column, std::uint32_t cell, bool text);
  void append_plain(const JsonNode& node, bool text);
  void append_whole(const JsonNode& node);
  /// True when a value of the enclosing group itself stands for this column in the row.
  bool silent(const Column& column, std::size_t row) const;

  std::string& out_;
  const JsonDocument& doc_;
  const Table& table_;
  const std::vector<bool>& keep_;
  IdleMembers* idle_;
  std::vector<std::uint32_t> regular_;  ///< rows that are shown and fit the columns
  std::vector<Form> forms_;
  /// A column with a cell in every row.
  struct RowColumn {
    const Column* column;
    const std::uint32_t* cells;
    bool text;
    bool plain;  ///< no tuples
  };
  std::vector<RowColumn> in_rows_;
  std::vector<std::size_t> others_;  ///< columns without
};

bool Writer::silent(const Column& column, std::size_t row) const {
  for (std::uint32_t at = column.group; at != kMissing; at = table_.columns[at].group) {
    if (table_.columns[at].cells[row] != kMissing) return true;
  }
  return false;
}

std::vector<std::uint32_t> Writer::shown_counts(const Column& column) const {
  if (column.group == kMissing && regular_.size() == column.cells.size()) return column.counts;
  std::vector<std::uint32_t> counts(column.counts.size(), 0);
  for (const std::uint32_t row : regular_) {
    if (column.group == kMissing || !silent(column, row)) ++counts[column.values[row]];
  }
  return counts;
}

/// All values are strings, and some are spelled like numbers.
bool Writer::needs_text_mark(const Column& column, const std::vector<std::uint32_t>& counts) const {
  if (!column.tuple_keys.empty()) return false;
  std::size_t number_like = 0;
  for (std::size_t value = 1; value < counts.size(); ++value) {
    if (counts[value] == 0) continue;
    const JsonNode& node = doc_.node(column.examples[value]);
    if (node.kind != JsonKind::kString) return false;
    if (number_like < 2 && is_bare_literal(node.raw.substr(1, node.raw.size() - 2))) number_like += counts[value];
  }
  return number_like >= 2;
}

Form Writer::choose_form(const Column& column, bool group_head) const {
  Form form;
  const std::vector<std::uint32_t> counts = shown_counts(column);
  const std::size_t rows = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  form.text = needs_text_mark(column, counts);
  if (table_.kind == Table::Kind::kLists) return form;
  if (group_head) {
    form.in_rows = false;
    return form;
  }
  const auto common = static_cast<std::uint32_t>(std::ranges::max_element(counts) - counts.begin());
  const std::size_t common_rows = counts[common];
  // What holds for the rows shown must hold for most of the others too, or the header would mislead.
  if (common_rows * 10 < rows * 6 || column.counts[common] * 2 < column.cells.size()) return form;
  const std::size_t value_bytes = common == 0 ? 0 : doc_.node(column.examples[common]).raw.size();
  const double gain = static_cast<double>(common_rows) * (common == 0 ? 0.6 : 0.4 + token_guess(value_bytes));
  const double cost = static_cast<double>(rows - common_rows) * (0.5 + token_guess(column.name.size()));
  if (gain <= cost || (rows < 2 && common != 0)) return form;
  form.in_rows = false;
  form.fallback = common;
  return form;
}

void Writer::choose_forms() {
  std::vector<bool> heads(table_.columns.size(), false);
  for (const Column& column : table_.columns) {
    if (column.group != kMissing) heads[column.group] = true;
  }
  forms_.clear();
  for (std::size_t at = 0; at < table_.columns.size(); ++at) {
    if (at == table_.children) {
      forms_.push_back(Form{.in_rows = false});
    } else {
      forms_.push_back(choose_form(table_.columns[at], heads[at]));
    }
  }
  derive_forms();
  // Rows that all say nothing would be empty lines: give them something to stand on.
  for (std::size_t at = 0; at < forms_.size() && std::ranges::none_of(forms_, &Form::in_rows); ++at) {
    forms_[at].in_rows = at != table_.children && !heads[at] && forms_[at].fallback != 0;
  }
  for (std::size_t at = 0; at < forms_.size(); ++at) {
    const Column& column = table_.columns[at];
    if (forms_[at].in_rows) {
      in_rows_.push_back({&column, column.cells.data(), forms_[at].text, column.tuple_keys.empty()});
    } else {
      others_.push_back(at);
    }
  }
}

void Writer::derive_forms() {
  if (table_.kind == Table::Kind::kLists || table_.columns.size() < 2) return;
  std::vector<bool> own;
  for (const Form& form : forms_) own.push_back(form.in_rows);
  const std::vector<Derivation> derived = derive_columns(doc_, table_, own);
  for (std::size_t at = 0; at < forms_.size(); ++at) {
    if (derived[at].source == kMissing) continue;
    forms_[at].in_rows = false;
    forms_[at].derived = derived[at];
  }
}

bool Writer::holds(std::size_t column, std::size_t row) const {
  const Form& form = forms_[column];
  if (form.derived.source == kMissing) return table_.columns[column].values[row] == form.fallback;
  return derived_holds(doc_, table_, static_cast<std::uint32_t>(column), form.derived, row);
}

void Writer::append_plain(const JsonNode& node, bool text) {
  if (idle_ != nullptr && (node.kind == JsonKind::kArray || node.kind == JsonKind::kObject)) {
    idle_->append(out_, doc_, node);
  } else {
    append_cell(out_, node, text);
  }
}

void Writer::append_whole(const JsonNode& node) {
  if (idle_ != nullptr) {
    idle_->append(out_, doc_, node);
  } else {
    append_minified(out_, node.raw);
  }
}

void Writer::append_value(const Column& column, std::uint32_t cell, bool text) {
  const JsonNode& node = doc_.node(cell);
  if (column.tuple_keys.empty() || node.kind != JsonKind::kArray) {
    append_plain(node, text);
    return;
  }
  out_.push_back('[');
  bool first_item = true;
  for (const JsonNode& item : doc_.children(node)) {
    out_.append(first_item ? "[" : ",[");
    first_item = false;
    bool first_member = true;
    for (const JsonNode& member : doc_.children(item)) {
      if (!first_member) out_.push_back(',');
      first_member = false;
      append_minified(out_, member.raw);
    }
    out_.push_back(']');
  }
  out_.push_back(']');
}

void Writer::write_opening(Legend& legend) {
  const std::size_t rows = table_.rows.size();
  switch (table_.kind) {
    case Table::Kind::kTree: {
      out_ += fmt::format("[{} rows, tree by {}", rows, table_.columns[table_.children].name);
      break;
    }
    case Table::Kind::kLists:
      out_ += fmt::format("[{} lists", rows);
      break;
    case Table::Kind::kEntries:
      out_ += fmt::format("{{{} entries", rows);
      break;
    default:
      out_ += fmt::format("[{} rows", rows);
  }
  bool fallback = false, optional = false, derived = false;
  for (std::size_t at = 0; at < forms_.size(); ++at) {
    if (forms_[at].in_rows || at == table_.children) continue;
    if (forms_[at].derived.source != kMissing) {
      derived = true;
      continue;
    }
    (forms_[at].fallback == 0 ? optional : fallback) = true;
  }
  std::string told;
  const auto explain = [&](bool used, bool& done, std::string_view what) {
    if (used && !done) told.append(told.empty() ? "" : "; ").append(what);
    done = done || used;
  };
  explain(fallback, legend.fallback, "x=v: in every row that gives no other x");
  explain(derived, legend.derived, "x:=a{y}b: x is the row's y between a and b");
  explain(optional, legend.optional, "x?: only where given");
  if (!told.empty()) out_ += fmt::format(" ({})", told);
  out_ += ":\n";
}

void Writer::write_header() {
  bool first = true;
  if (table_.kind == Table::Kind::kEntries) {
    out_ += "(key)";
    first = false;
  }
  for (std::size_t at = 0; at < table_.columns.size(); ++at) {
    const Column& column = table_.columns[at];
    const Form& form = forms_[at];
    if (!first) out_.push_back('\t');
    first = false;
    out_ += column.name;
    if (at == table_.children) {
      out_.push_back('>');
      continue;
    }
    if (!column.tuple_keys.empty()) {
      out_.push_back('(');
      for (std::size_t key = 0; key < column.tuple_keys.size(); ++key) {
        if (key > 0) out_.push_back(',');
        append_segment(out_, column.tuple_keys[key]);
      }
      out_.push_back(')');
    }
    if (form.text) out_ += ":text";
    if (form.in_rows) continue;
    if (form.derived.source != kMissing) {
      out_ += fmt::format(":={}{{{}}}{}", form.derived.prefix, table_.columns[form.derived.source].name,
                          form.derived.suffix);
    } else if (form.fallback == 0) {
      out_.push_back('?');
    } else {
      out_.push_back('=');
      append_value(column, column.examples[form.fallback], form.text);
    }
  }
  out_.push_back('\n');
}

void Writer::write_regular(std::size_t row) {
  bool first = true;
  std::size_t gaps = 0;  // separators owed: written only when another cell follows
  const auto separate = [&] {
    if (!first) ++gaps;
    first = false;
  };
  const auto pay = [&] {
    for (; gaps > 0; --gaps) out_.push_back('\t');
  };
  if (table_.kind == Table::Kind::kEntries) {
    JsonNode key;
    key.kind = JsonKind::kString;
    key.raw = doc_.node(table_.rows[row]).key_raw;
    append_cell(out_, key, true);
    first = false;
  }
  for (const RowColumn& shown : in_rows_) {
    separate();
    const std::uint32_t cell = shown.cells[row];
    if (cell == kMissing) continue;
    pay();
    if (shown.plain) {
      append_plain(doc_.node(cell), shown.text);
    } else {
      append_value(*shown.column, cell, shown.text);
    }
  }
  for (const std::size_t at : others_) {
    const Column& column = table_.columns[at];
    if (holds(at, row) || silent(column, row)) continue;
    if (at == table_.children) {
      const JsonNode& node = doc_.node(column.cells[row]);
      if (node.kind == JsonKind::kArray && node.size > 0) continue;
    }
    separate();
    pay();
    out_ += column.name;
    out_.push_back('=');
    if (column.cells[row] != kMissing) append_value(column, column.cells[row], forms_[at].text);
  }
}

void Writer::write_row(std::size_t row) {
  if (table_.kind == Table::Kind::kTree) out_.append(table_.depths[row], ' ');
  if (!table_.irregular[row]) {
    write_regular(row);
  } else if (table_.kind == Table::Kind::kEntries) {
    out_.push_back('~');
    out_ += doc_.node(table_.rows[row]).key_raw;
    out_.push_back(':');
    append_whole(doc_.node(table_.rows[row]));
  } else {
    out_.push_back('~');
    append_whole(doc_.node(table_.rows[row]));
  }
  out_.push_back('\n');
}

void Writer::write_items() {
  out_.push_back('[');
  for (std::size_t row = 0; row < table_.rows.size(); ++row) {
    if (row > 0) out_.push_back(',');
    if (shown(row)) {
      append_whole(doc_.node(table_.rows[row]));
      continue;
    }
    const std::size_t first = row;
    while (row + 1 < table_.rows.size() && !shown(row + 1)) ++row;
    out_ += gap_marker(first, row);
  }
  out_.push_back(']');
}

void Writer::write(Legend& legend) {
  if (table_.kind == Table::Kind::kItems) {
    write_items();
    return;
  }
  choose_forms();
  write_opening(legend);
  write_header();
  for (std::size_t row = 0; row < table_.rows.size(); ++row) {
    if (shown(row)) {
      write_row(row);
      continue;
    }
    const std::size_t first = row;
    while (row + 1 < table_.rows.size() && !shown(row + 1)) ++row;
    out_ += gap_marker(first, row);
    out_.push_back('\n');
  }
  out_.push_back(table_.kind == Table::Kind::kEntries ? '}' : ']');
}

}  // namespace

void write_table(std::string& out, const JsonDocument& doc, const Table& table, const std::vector<bool>& keep,
                 Legend& legend, IdleMembers* idle) {
  Writer(out, doc, table, keep, idle).write(legend);
}

}  // namespace headroom::compress::json
