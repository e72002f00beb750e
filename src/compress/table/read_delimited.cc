#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "compress/table/grid_readers.h"
#include "detect/delimited.h"

namespace headroom::compress::table {
namespace {

using detect::DelimitedRecord;
using detect::DelimitedText;

/// What a quoted cell says.
std::string_view unquoted(Grid& grid, std::string_view cell) {
  cell = base::trim(cell);
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return cell;
  cell = cell.substr(1, cell.size() - 2);
  if (cell.find('"') == std::string_view::npos) return cell;
  std::string& plain = grid.owned.emplace_back();
  for (std::size_t at = 0; at < cell.size(); ++at) {
    plain.push_back(cell[at]);
    at += cell.substr(at).starts_with("\"\"");
  }
  return plain;
}

/// The first record names the columns when it holds no value, and each of its words is its column's only.
bool names_columns(const DelimitedText& table, std::size_t first, std::uint32_t columns) {
  const DelimitedRecord& header = table.records[first];
  std::unordered_set<std::string_view> seen;
  std::size_t named = 0;
  for (std::uint32_t at = 0; at < columns; ++at) {
    const std::string_view cell = base::trim(table.cells[header.first_cell + at]);
    if (cell.empty()) continue;  // pandas writes its index without a name
    if (is_value(cell) || cell.size() > 100 || !seen.insert(cell).second) return false;
    ++named;
    std::size_t again = 0;
    for (std::size_t record = first + 1; record < std::min(table.records.size(), first + 50); ++record) {
      if (table.records[record].cells == columns)
        again += base::trim(table.cells[table.records[record].first_cell + at]) == cell;
    }
    if (again > 0) return false;
  }
  return named * 2 >= columns;
}

std::size_t filled_cells(const DelimitedText& table, std::size_t record) {
  const DelimitedRecord& r = table.records[record];
  std::size_t filled = 0;
  for (std::uint32_t at = 0; at < r.cells; ++at) filled += !base::trim(table.cells[r.first_cell + at]).empty();
  return filled;
}

}  // namespace

bool is_value(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.front() == '"') cell.remove_prefix(1);
  while (!cell.empty() && std::string_view("+-$.").find(cell.front()) != std::string_view::npos) cell.remove_prefix(1);
  if (cell.empty()) return true;
  if (cell.front() < '0' || cell.front() > '9') return false;
  // "2024" and "1,200.5 ms" are values, "95th percentile" is a name.
  return std::ranges::count_if(cell, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }) <= 3;
}

bool read_delimited_values(std::string_view text, Grid& grid) {
  const auto delimiter = detect::find_delimiter(text);
  if (!delimiter) return false;
  const DelimitedText table = detect::read_delimited(text, delimiter->character);
  grid.form = Grid::Form::kDelimited;
  grid.delimiter = delimiter->character;
  const std::uint32_t columns = delimiter->columns;
  const auto is_row = [&](const DelimitedRecord& record) {
    return record.cells <= columns && record.cells >= delimiter->least && text[record.begin] != '#';
  };
  std::size_t first = 0;
  while (first < table.records.size() && !is_row(table.records[first])) ++first;
  if (first == table.records.size()) return false;
  bool titled = table.records[first].cells == columns && names_columns(table, first, columns);
  // A heading over the table may stand above the titles.
  for (std::size_t at = first + 1; !titled && at < std::min(table.records.size(), first + 4); ++at) {
    if (filled_cells(table, at - 1) > 1 || table.records[at].cells != columns) break;
    titled = names_columns(table, at, columns);
    if (titled) first = at;
  }
  std::uint32_t line = 0;
  grid.cells.reserve(table.cells.size());
  for (std::size_t at = 0; at < table.records.size(); ++at) {
    const DelimitedRecord& record = table.records[at];
    const auto line_end = [&] {
      return static_cast<std::size_t>(grid.lines[line].data() - text.data()) + grid.lines[line].size();
    };
    while (line_end() < record.begin) ++line;
    const std::uint32_t first_line = line;
    while (line_end() < record.end) ++line;
    if (!is_row(record) || at < first) continue;
    if (at == first && titled) {
      grid.header_line = first_line;
      for (std::uint32_t cell = 0; cell < columns; ++cell) {
        std::string_view name = unquoted(grid, table.cells[record.first_cell + cell]);
        if (cell == 0 && name.starts_with("\xEF\xBB\xBF")) name.remove_prefix(3);
        grid.names.emplace_back(name.empty() ? std::to_string(cell + 1) : std::string(name));
      }
      continue;
    }
    if (grid.names.empty()) {
      for (std::uint32_t cell = 0; cell < columns; ++cell) grid.names.push_back(std::to_string(cell + 1));
    }
    grid.rows.push_back({first_line, line});
    for (std::uint32_t cell = 0; cell < record.cells; ++cell)
      grid.cells.push_back(unquoted(grid, table.cells[record.first_cell + cell]));
    grid.cells.resize(grid.cells.size() + columns - record.cells);
  }
  return true;
}

}  // namespace headroom::compress::table
