#pragma once

#include <memory>
#include <string>

#include "base/json_document.h"
#include "compress/json/table.h"
#include "compress/table/grid.h"

namespace headroom::compress::table {

/// A grid as the table of a JSON text that holds its cells, so that what chooses rows of JSON arrays chooses here, too.
/// Row i of `table` is row i of the grid, column j its column j; empty cells are missing. Does not move, because
/// `document` points into `text`.
struct View {
  std::string text;
  base::JsonDocument document;
  json::Table table;
};

/// nullptr for more than can be viewed (4 GiB).
std::unique_ptr<const View> view_of(const Grid& grid);

}  // namespace headroom::compress::table
