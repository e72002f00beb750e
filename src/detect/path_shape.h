#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::detect {

/// Where "path:12:" ends in a line.
struct Place {
  std::size_t path = 0;  ///< bytes of the path; 0: the line does not begin with one
  std::size_t end = 0;   ///< behind the second separator
};

/// The first ":digits:" of the line, whatever stands before it; a drive letter's colon is part of the path.
Place first_place(std::string_view line);

/// The same, when what stands before it can be a path.
Place hit_place(std::string_view line);

/// "12:", "12-", "12=" at the begin of a line: the bytes up to and with the separator; 0 when it is none.
std::size_t number_prefix(std::string_view line);

/// The same, or "12,15:", several numbers in front of a colon.
std::size_t numbers_prefix(std::string_view line);

/// Could be the path of a file: no blanks inside unless it has a folder, no quotes, an extension or a folder or a bare
/// name.
bool is_path_like(std::string_view path);

/// The path of a line that names the file of the lines below it: "src/a.c", "src/a.c:", "## src/a.c", "File: src/a.c".
/// Empty when the line does not.
std::string_view heading_path(std::string_view line);

/// "12:text" below a heading, "  L12: text", "  Line 12: text", "12-text": the bytes before the text; 0 when it is
/// none.
std::size_t numbered_row(std::string_view line);

/// "path:text" without a number: the bytes of the path; 0 when the line is none.
std::size_t text_place(std::string_view line);

/// What search tools say beside their finds: "grep: x: Permission denied", "Binary file x matches", "Found 34 files".
bool is_tool_note(std::string_view line);

}  // namespace headroom::detect
