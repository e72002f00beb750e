#include "compress/json/table_size.h"

#include <algorithm>

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;

/// Of one cell, with what stands between it and the next one.
std::size_t cell_bytes(const JsonDocument& doc, const Column& column, std::size_t value) {
  if (column.examples[value] == kMissing) return 1;
  const base::JsonNode& node = doc.node(column.examples[value]);
  return node.raw.size() - (node.kind == JsonKind::kString ? 2 : 0) + 1;
}

/// A value that most rows hold stands in the header, and the others give theirs with the column's name.
std::size_t column_bytes(const JsonDocument& doc, const Column& column) {
  const auto common = static_cast<std::size_t>(std::ranges::max_element(column.counts) - column.counts.begin());
  const bool in_header = column.counts[common] * std::size_t{10} >= column.cells.size() * 6;
  std::size_t bytes = column.name.size() + 1;
  for (std::size_t value = 0; value < column.counts.size(); ++value) {
    const std::size_t cell = cell_bytes(doc, column, value);
    if (!in_header) {
      bytes += column.counts[value] * cell;
    } else {
      bytes += value == common ? cell : column.counts[value] * (cell + column.name.size() + 1);
    }
  }
  return bytes;
}

}  // namespace

std::size_t about_table_bytes(const JsonDocument& doc, const Table& table) {
  if (table.kind == Table::Kind::kItems) return doc.node(table.node).raw.size();
  std::size_t bytes = table.rows.size();
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.irregular[row]) bytes += doc.node(table.rows[row]).raw.size();
    if (table.kind == Table::Kind::kEntries) bytes += doc.node(table.rows[row]).key_raw.size();
  }
  for (std::size_t at = 0; at < table.columns.size(); ++at) {
    if (at != table.children) bytes += column_bytes(doc, table.columns[at]);
  }
  return bytes;
}

}  // namespace headroom::compress::json
