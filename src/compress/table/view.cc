#include "compress/table/view.h"

#include <algorithm>

#include "base/json_string.h"
#include "base/utf8.h"
#include "compress/json/cell.h"

namespace headroom::compress::table {
namespace {

void append_cell(std::string& out, std::string_view cell) {
  if (cell.empty()) {
    out += "null";
  } else if (json::is_number(cell)) {
    out += cell;
  } else if (base::is_utf8(cell)) {
    base::append_json_string(out, cell);
  } else {
    base::append_json_string(out, base::repaired_utf8(cell));
  }
}

}  // namespace

std::unique_ptr<const View> view_of(const Grid& grid) {
  auto view = std::make_unique<View>();
  std::string& text = view->text;
  const std::size_t columns = grid.columns();
  text.reserve(grid.cells.size() * 12);
  text.push_back('[');
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    text += row == 0 ? "[" : ",\n[";
    for (std::size_t column = 0; column < columns; ++column) {
      if (column > 0) text.push_back(',');
      append_cell(text, grid.cell(row, column));
    }
    text.push_back(']');
  }
  text.push_back(']');
  auto document = base::JsonDocument::parse(text, 1 + grid.rows.size() * (columns + 1));
  if (!document) return nullptr;
  view->document = std::move(*document);
  json::Table& table = view->table;
  table.kind = json::Table::Kind::kRows;
  table.irregular.assign(grid.rows.size(), false);
  table.columns.resize(columns);
  // Node 0 is the whole, and every row is one node and its cells.
  for (std::size_t row = 0; row < grid.rows.size(); ++row)
    table.rows.push_back(static_cast<std::uint32_t>(1 + row * (columns + 1)));
  for (std::size_t column = 0; column < columns; ++column) {
    json::Column& data = table.columns[column];
    data.name = grid.names[column];
    data.cells.reserve(grid.rows.size());
    for (std::size_t row = 0; row < grid.rows.size(); ++row) {
      const bool missing = grid.cell(row, column).empty();
      data.cells.push_back(missing ? json::kMissing : table.rows[row] + 1 + static_cast<std::uint32_t>(column));
    }
    json::number_values(view->document, data);
  }
  return view;
}

}  // namespace headroom::compress::table
