#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_document.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// Lays the members of many objects out as columns, nested objects as columns of their own.
class ColumnBuilder {
 public:
  ColumnBuilder(const base::JsonDocument& doc, std::size_t row_count) : doc_(doc), irregular_(row_count, false) {}

  /// Appends the columns of `objects` (kMissing: row without one). False, and nothing changed, when they share no
  /// shape.
  bool add_group(const std::vector<std::uint32_t>& objects, const std::string& prefix, std::uint32_t group,
                 double min_fill, int depth);

  void add_leaf(std::string name, std::vector<std::uint32_t> cells, std::uint32_t group) {
    Column column;
    column.name = std::move(name);
    column.cells = std::move(cells);
    column.group = group;
    columns_.push_back(std::move(column));
  }

  const base::JsonDocument& doc_;
  std::vector<bool> irregular_;
  std::vector<Column> columns_;
  std::string_view leaf_key_;  ///< key that stays a plain column at the top (a tree's children)

 private:
  struct Fields;
  std::optional<Fields> merge(const std::vector<std::uint32_t>& objects, std::vector<bool>& irregular) const;
  void add_field(const std::string& name, std::vector<std::uint32_t> cells, std::uint32_t group, int depth);
};

}  // namespace headroom::compress::json
