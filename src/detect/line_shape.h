#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "detect/detect.h"

namespace headroom::detect {

/// How many lines of a sample have which shape. One line may count in several.
struct ShapeCounts {
  std::size_t lines = 0;  ///< that are not blank
  /// Start with a time, a level or a [bracketed] source, or are what compilers, test runners and package managers
  /// print.
  std::size_t log_or_tool_lines = 0;
  std::size_t level_lines = 0;        ///< name a level
  std::size_t strong_tool_lines = 0;  ///< those that nothing but such a tool prints
  std::size_t code_lines = 0;
  std::size_t numbered = 0;       ///< "   12\ttext", "12: text", "12|text" with rising numbers
  std::size_t numbered_zero = 0;  ///< ... of them with the number 0, which no line of a file has
  std::size_t diagnostics = 0;    ///< "path:line:column: CODE message", as linters and compilers print
  std::size_t diff_hunks = 0;
  std::size_t diff_files = 0;
};

ShapeCounts count_shapes(std::span<const std::string_view> lines);

/// Lines whose shape (letters and digits masked) occurs at least three times.
std::size_t count_repeated_shapes(std::span<const std::string_view> lines);
/// Lines that are a key and a value, an item, a section or a comment.
std::size_t count_config_lines(std::span<const std::string_view> lines);
/// Bytes of the lines that are sentences, or parts of some.
std::size_t count_prose_bytes(std::span<const std::string_view> lines);

/// A line that is one JSON object or array.
bool is_json_line(std::string_view line);

}  // namespace headroom::detect
