#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace headroom::context {

// Parts of an original, for `headroom retrieve`, GET /v1/retrieve/HASH?lines=... and the retrieve tool.
// All give exact bytes of the original.

/// Lines first..last, counted from 1, both included, with their line ends; past the end is clipped. kInvalidArgument
/// when first is 0, after last, or past the end.
base::Result<std::string> retrieve_lines(std::string_view original, std::size_t first, std::size_t last);

/// Items first..last (counted from 0, both included) of a JSON array, one a line, each item's exact bytes. `path` names
/// the array by dotted member names ("data.rows"); empty: the array with the most bytes. NDJSON: the lines are the
/// items. Of an XML original the items are its elements, in the order of their start tags, and what stands between the
/// first and the last one comes with them.
base::Result<std::string> retrieve_items(std::string_view original, std::string_view path, std::size_t first,
                                         std::size_t last);

/// What an original is made of; views into it.
struct Records {
  bool lines = true;  ///< lines, which count from 1; else items of the largest JSON array, or JSON lines, from 0
  std::vector<std::string_view> all;
};
Records records_of(std::string_view original);

/// The records (lines, or items of the largest JSON array) that match the query best, in source order, each with its
/// number, at most `limit`.
base::Result<std::string> retrieve_query(std::string_view original, std::string_view query, std::size_t limit = 20);

/// Parses "A:B", "A-B" or "A".
base::Result<std::pair<std::size_t, std::size_t>> parse_range(std::string_view text);

}  // namespace headroom::context
