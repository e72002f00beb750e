#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "compress/search/document.h"

namespace headroom::compress::search {

// clang-format off
// What render() writes, and expand() reads back (docs/FORMATS.md has examples):
//
//   "[hits by file]" or "[hits by file under ROOT]" (", no line numbers" behind "file"), then lines of
//     DIR/            the paths below are in it ("./": in ROOT again)
//     path            names the file of the rows below; they are "12:text", "12-context" (":text", "-context")
//     path:12:text    a file with one row
//     12,15:text      two rows with the same text; "a.c:12, b.c:15:text" the same for files with one row each
//     " line"         a whole line as it came, behind a blank
//   "[paths by folder]" or "[paths by folder under ROOT]", then lines of
//     DIR/: a b c     the paths DIR/a, DIR/b, DIR/c ("." is DIR itself, "./" with its slash; "./:" is in ROOT)
//     : d e           more of the same folder
//     path            one path
//     " line"         a whole line as it came, behind a blank
//   "[tree]", as tree.h has it
// Gap markers stand for themselves.
// clang-format on

enum class Show : std::uint8_t {
  kNot,      ///< left out
  kGrouped,  ///< below its file or folder
  kWhole,    ///< as it came, path and all
};

/// One entry a row.
using Keep = std::vector<Show>;

/// What a gap of rows [first, last) tells; `open` is the file whose rows stand just before it.
using GapText = std::function<std::string(std::size_t first, std::size_t last, std::uint32_t open)>;

/// The rows that are kept, grouped, with gaps for the others. No row left out: no gap. Rows of a form for which there
/// is nothing to group stand as they came, without a first line. No final newline.
std::string render(const Document& document, const Keep& keep, const GapText& gap_text);

/// The same without grouping.
std::string render_plain(const Document& document, const Keep& keep, const GapText& gap_text);

/// The lines of an output of render(), gaps left where they stand. A text that does not begin as one is given back.
std::string expand(std::string_view text);

}  // namespace headroom::compress::search
