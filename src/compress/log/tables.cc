#include "compress/log/tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "compress/log/fields.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kLeastRows = 8;
constexpr std::size_t kProbes = 96;  // lines looked at before all lines are
constexpr std::size_t kMaxCategories = 12;

/// Lines whose first two fields have the same kinds can be rows of one table. 0: cannot be a row.
std::uint32_t layout_of(const std::vector<Field>& fields) {
  if (fields.size() < 2) return 0;
  const auto code = [](FieldKind kind) -> std::uint32_t {
    if (kind == FieldKind::kWord) return 1;
    if (kind == FieldKind::kDate) return 2;
    return kind == FieldKind::kPart ? 3 : 4;
  };
  return code(fields[0].kind) * 8 + code(fields[1].kind);
}

/// Errors, source excerpts and stack frames are told by others.
bool can_be_row(const Line& line) {
  if (line.level >= Level::kError || line.has(kContinuation) || line.has(kHeading)) return false;
  const std::size_t begin = line.text.find_first_not_of(" \t");
  return begin != std::string_view::npos && line.text[begin] != '#';
}

/// True when some layout with a measure in it is that of a good part of the lines.
bool worth_a_look(const Document& document) {
  std::vector<Field> fields;
  std::map<std::uint32_t, std::size_t> layouts;
  const std::size_t step = document.lines.size() / kProbes + 1;
  std::size_t seen = 0;
  std::size_t measured = 0;
  for (std::size_t i = 0; i < document.lines.size(); i += step) {
    if (document.lines[i].has(kBlank)) continue;
    ++seen;
    if (!can_be_row(document.lines[i])) continue;
    split_fields(document.lines[i].text, fields);
    const bool numbers =
        std::ranges::count_if(fields, [](const Field& f) { return measures(f.kind); }) > (document.timed ? 1 : 0);
    if (!numbers || layout_of(fields) == 0) continue;
    ++measured;
    ++layouts[layout_of(fields)];
  }
  const bool common = std::ranges::any_of(layouts, [&](const auto& entry) { return entry.second * 4 >= seen; });
  return common && measured * 10 >= seen * (document.timed ? 8 : 3);
}

class Builder {
 public:
  Builder(const Document& document, std::vector<std::uint32_t> rows) : document_(document) {
    table_.rows = std::move(rows);
  }

  /// nullopt-like: a table without columns is none.
  Table run() {
    split_all();
    find_header();
    names();
    for (std::size_t k = 0; k < kMaxFields; ++k) column(k, false);
    if (least_ != most_ && most_ < kMaxFields) {
      for (std::size_t k = 0; k < 3; ++k) column(k, true);
    }
    for (std::size_t k = 0; k < kMaxFields && !table_.columns.empty(); ++k) category(k);
    std::ranges::sort(table_.odd);
    table_.odd.erase(std::ranges::unique(table_.odd).begin(), table_.odd.end());
    return std::move(table_);
  }

 private:
  void split_all() {
    rows_.resize(table_.rows.size());
    least_ = kMaxFields;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      split_fields(document_.lines[table_.rows[r]].text, rows_[r]);
      least_ = std::min(least_, rows_[r].size());
      most_ = std::max(most_, rows_[r].size());
    }
  }

  const Field* field(std::size_t row, std::size_t k, bool from_right) const {
    const std::vector<Field>& fields = rows_[row];
    if (k >= fields.size()) return nullptr;
    return &fields[from_right ? fields.size() - 1 - k : k];
  }

  /// The titles stand above the first row, with nothing but rules and more titles between.
  void find_header() {
    table_.header = table_.rows.front();
    for (std::uint32_t i = table_.rows.front(), up = 0; i-- > 0 && up < 3; ++up) {
      const Line& line = document_.lines[i];
      if (line.has(kBlank)) return;
      std::vector<Field> fields;
      split_fields(line.text, fields);
      const bool letters =
          std::ranges::any_of(line.text, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
      if (!letters) continue;
      if (fields.size() < 2 || std::ranges::any_of(fields, no_title)) return;
      table_.header = i;
      titles_ = std::move(fields);
      return;
    }
  }

  static bool no_title(const Field& f) { return measures(f.kind) || f.text.ends_with(':') || f.text.size() > 24; }

  std::string_view title_of(std::size_t k, bool from_right) const {
    if (titles_.empty()) return {};
    if (from_right) return k < titles_.size() ? titles_[titles_.size() - 1 - k].text : std::string_view();
    const Field& first = rows_.front()[std::min(k, rows_.front().size() - 1)];
    const auto offset = [](std::string_view line, std::string_view part) {
      return static_cast<std::ptrdiff_t>(part.data() - line.data());
    };
    const std::string_view head = document_.lines[table_.header].text;
    const std::string_view row = document_.lines[table_.rows.front()].text;
    const std::ptrdiff_t begin = offset(row, first.text);
    const std::ptrdiff_t end = begin + static_cast<std::ptrdiff_t>(first.text.size());
    std::string_view best;
    std::ptrdiff_t nearest = 6;
    for (const Field& title : titles_) {
      const std::ptrdiff_t from = offset(head, title.text);
      const std::ptrdiff_t to = from + static_cast<std::ptrdiff_t>(title.text.size());
      const std::ptrdiff_t gap = std::max<std::ptrdiff_t>({0, from - end, begin - to});
      if (gap < nearest) {
        nearest = gap;
        best = title.text;
      }
    }
    return titles_.size() == most_ && least_ == most_ ? titles_[k].text : best;
  }

  /// Rows that sum up other rows of the table.
  void names() {
    std::vector<std::pair<std::string_view, std::uint32_t>> paths;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      std::string_view name = rows_[r].back().text;
      if (measures(rows_[r].back().kind)) name = rows_[r].front().text;
      while (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
      if (name == "total" || name == "Total" || name == "TOTAL" || name == ".") table_.nested.push_back(table_.rows[r]);
      paths.emplace_back(name, table_.rows[r]);
    }
    std::ranges::sort(paths);
    for (std::size_t k = 0; k < paths.size(); ++k) {
      const std::string_view name = paths[k].first;
      // Names such as "a-b" sort between "a" and "a/b".
      for (std::size_t next = k + 1; next < paths.size() && next < k + 64 && paths[next].first.starts_with(name);
           ++next) {
        if (paths[next].first.size() <= name.size() || paths[next].first[name.size()] != '/') continue;
        table_.nested.push_back(paths[k].second);
        break;
      }
    }
    std::ranges::sort(table_.nested);
    table_.nested.erase(std::ranges::unique(table_.nested).begin(), table_.nested.end());
  }

  void column(std::size_t k, bool from_right) {
    Column column;
    std::array<std::size_t, 4> kinds{};
    std::size_t fit = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const Field* f = field(r, k, from_right);
      if (f == nullptr) continue;
      fit += measures(f->kind) || f->kind == FieldKind::kEmpty;
      if (!measures(f->kind)) continue;
      ++kinds[static_cast<std::size_t>(f->kind) - 1];
      column.cells.push_back({f->value, table_.rows[r]});
    }
    if (fit * 10 < rows_.size() * 8 || column.cells.size() * 10 < rows_.size() * 3) return;
    std::size_t main = static_cast<std::size_t>(std::ranges::max_element(kinds) - kinds.begin());
    // A zero needs no unit.
    if (main == 0 && kinds[1] * 10 > column.cells.size()) main = 1;
    column.kind = static_cast<ColumnKind>(main);
    if (counts_up(column.cells)) return;
    const bool clock = column.kind == ColumnKind::kDate || column.kind == ColumnKind::kSpan;
    if (clock && document_.timed && std::ranges::is_sorted(column.cells, {}, &Cell::value)) return;
    std::ranges::sort(column.cells, [](const Cell& x, const Cell& y) {
      return x.value != y.value ? x.value < y.value : x.line < y.line;
    });
    column.distinct = 1;
    for (std::size_t i = 1; i < column.cells.size(); ++i)
      column.distinct += column.cells[i].value != column.cells[i - 1].value;
    if (column.distinct < 2) return;
    column.title = title_of(k, from_right);
    table_.columns.push_back(std::move(column));
  }

  /// 1, 2, 3, ...: a number of the row and nothing else.
  static bool counts_up(const std::vector<Cell>& cells) {
    std::size_t steps = 0;
    for (std::size_t i = 1; i < cells.size(); ++i) steps += cells[i].value == cells[i - 1].value + 1;
    return steps * 10 > cells.size() * 9;
  }

  void category(std::size_t k) {
    struct Value {
      std::string_view text;
      std::vector<std::uint32_t> rows;
    };
    std::vector<Value> values;
    std::size_t words = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const Field* f = field(r, k, false);
      if (f == nullptr) continue;
      words += f->kind == FieldKind::kWord || f->kind == FieldKind::kEmpty;
      const auto found = std::ranges::find(values, f->text, &Value::text);
      if (found != values.end()) {
        found->rows.push_back(table_.rows[r]);
      } else if (values.size() == kMaxCategories) {
        return;
      } else {
        values.push_back({f->text, {table_.rows[r]}});
      }
    }
    if (words * 10 < rows_.size() * 8 || values.size() < 2) return;
    const std::size_t few = std::max<std::size_t>(1, rows_.size() / 20);
    std::size_t rare = 0;
    for (const Value& v : values) rare += v.rows.size() <= few ? v.rows.size() : 0;
    if (rare > 12) return;
    for (const Value& v : values) {
      if (v.rows.size() <= few) table_.odd.insert(table_.odd.end(), v.rows.begin(), v.rows.end());
    }
  }

  const Document& document_;
  Table table_;
  std::vector<std::vector<Field>> rows_;
  std::vector<Field> titles_;
  std::size_t least_ = 0;
  std::size_t most_ = 0;
};

}  // namespace

std::vector<Table> find_tables(const Document& document) {
  if (!worth_a_look(document)) return {};
  std::vector<Field> fields;
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_layout;
  std::size_t filled = 0;
  for (std::uint32_t i = 0; i < document.lines.size(); ++i) {
    if (document.lines[i].has(kBlank)) continue;
    ++filled;
    if (!can_be_row(document.lines[i])) continue;
    split_fields(document.lines[i].text, fields);
    const bool measured = std::ranges::any_of(fields, [](const Field& f) { return measures(f.kind); });
    if (const std::uint32_t layout = layout_of(fields); measured && layout != 0) by_layout[layout].push_back(i);
  }
  std::vector<Table> tables;
  for (auto& [layout, rows] : by_layout) {
    if (rows.size() < kLeastRows || rows.size() * 8 < filled) continue;
    Table table = Builder(document, std::move(rows)).run();
    if (!table.columns.empty()) tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace headroom::compress::log
