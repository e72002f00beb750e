#pragma once

#include <cstddef>

#include "base/json_document.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// About how many bytes write_table() makes of the whole table, without writing it; too many where cells hold arrays or
/// objects, or where a column follows from another one. Linear in the columns' different values.
std::size_t about_table_bytes(const base::JsonDocument& doc, const Table& table);

}  // namespace headroom::compress::json
