#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::compress::search {

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

/// Could be the path of a file: no blanks inside unless it has a folder, no quotes, an extension or a folder or a bare
/// name.
bool is_path_like(std::string_view path);

/// The folder with its final separator ('/' or '\\'); empty without one.
std::string_view folder_of(std::string_view path);

/// Longest folder that both paths are in.
std::string_view common_folder(std::string_view a, std::string_view b);

}  // namespace headroom::compress::search
