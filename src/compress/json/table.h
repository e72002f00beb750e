#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"

namespace headroom::compress::json {

inline constexpr std::uint32_t kMissing = 0xFFFFFFFF;

/// One leaf of the rows' common shape. `cells[row]` is a node index, kMissing where the row has no such member.
struct Column {
  std::string name;  ///< as the header shows it: "user.login", "matches[0].line"
  std::vector<std::uint32_t> cells;
  /// Values of a group that are no object ("user": null) stand in a column of their own; while a row gives one, the
  /// group's other columns are silent for it. `group` is the index of that column, kMissing for most.
  std::uint32_t group = kMissing;
  /// Non-empty: every non-empty array in the column holds objects with exactly these members, written as arrays.
  std::vector<std::string_view> tuple_keys;

  /// Value numbers: equal raw bytes, equal number; 0 is "missing". counts and examples are indexed by them.
  std::vector<std::uint32_t> values;
  std::vector<std::uint32_t> counts;
  std::vector<std::uint32_t> examples;
};

/// Items of one array (or members of one object, or nodes of one tree) as rows over common columns.
struct Table {
  enum class Kind : std::uint8_t {
    kRows,     ///< array of objects
    kTree,     ///< array of objects that hold arrays of such objects under `children`
    kLists,    ///< array of arrays; columns are positions
    kEntries,  ///< object whose members are objects of one shape
    kItems,    ///< array without a common shape, or of scalars: one nameless column, stays a JSON array on one line
  };
  Kind kind = Kind::kRows;
  std::uint32_t node = 0;              ///< the array or object
  std::string label;                   ///< path of the array in its document, for the summary
  std::vector<std::uint32_t> rows;     ///< node index of every item; for a tree in depth-first order
  std::vector<std::uint32_t> parents;  ///< tree only: row of the parent, kMissing at the top
  std::vector<std::uint16_t> depths;   ///< tree only
  std::vector<bool> irregular;         ///< rows that do not fit the columns; written as plain JSON
  std::vector<Column> columns;
  std::uint32_t children = kMissing;  ///< tree only: column of the children arrays
};

/// Fills `values`, `counts` and `examples` of a column from its cells.
void number_values(const base::JsonDocument& doc, Column& column);

/// The table for an array or object, or nullopt when its items have no common shape worth one.
std::optional<Table> build_table(const base::JsonDocument& doc, const base::JsonNode& node);

}  // namespace headroom::compress::json
