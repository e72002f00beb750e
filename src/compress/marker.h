#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress {

// clang-format off
// Marker grammar (docs/FORMATS.md has it with examples):
//
//   handle = "<<ccr:" ID " " WHAT ">>"      once per compressed block; names the original, sums up what is missing
//   gap    = "<<" RANGE [": " WHAT] ">>"    in place, where records were removed; belongs to the block's handle; on a
//                                           line of its own or, in source code, in a comment
//   RANGE  = NUMBER | NUMBER "-" NUMBER     in the source's own units (lines count from 1, items from 0)
//   ID     = 24 lower-case hex digits; lookups take any unambiguous prefix of at least 12
//   WHAT   = text without ">>" or line breaks
// clang-format on

/// "<<ccr:ID what>>". `what` is cleaned of line breaks and ">>".
std::string handle_marker(std::string_view id, std::string_view what);

/// "<<first-last: what>>", or "<<first>>" for one record and no text.
std::string gap_marker(std::size_t first, std::size_t last, std::string_view what = {});

/// A gap that stands in a text.
struct Gap {
  std::size_t first = 0, last = 0;  ///< records, both included, in the source's own units
  std::size_t at = 0, length = 0;   ///< bytes of the marker in the text, "<<" and ">>" included
};

/// Every gap marker of a compressed text, in order: those that stand on a line of their own and those in a comment that
/// opens a line ("# <<12-40>>", "// <<12-40>>", "/* <<12-40>> */", "<!-- <<12-40>> -->") or follows code ("...  #
/// <<12-40>>").
std::vector<Gap> find_gaps(std::string_view text);

/// Ids of all handle markers in `text`, in order, each once.
std::vector<std::string> marker_ids(std::string_view text);

/// True when a line of the text could be taken for a gap marker, so that markers of ours beside it would mislead.
bool has_gap_line(std::string_view text);

/// True when text holds a handle marker, i.e. is compressed already and must not be compressed again.
bool has_marker(std::string_view text);

}  // namespace headroom::compress
