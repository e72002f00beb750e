#pragma once

#include <cstdint>
#include <vector>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// Lines that are kept or dropped together: an entry with its stack trace, a diagnostic with its source excerpt.
struct Record {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  ///< inclusive
  Level level = Level::kNone;
  std::uint32_t head_error = 0;  ///< the line that made the level
};

/// Cuts the document into records, in order, without holes. Line::template_id must be set.
std::vector<Record> group_records(const Document& document);

/// For each line the index of the line that names it: the nearest line above with less indentation, else the nearest
/// heading; the line's own index where there is none.
std::vector<std::uint32_t> parents(const Document& document);

}  // namespace headroom::compress::log
