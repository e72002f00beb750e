#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::detect {

/// A text as file viewers show it, every line behind its number: "    12\ttext", "12: text", "12:text", "12|text",
/// "12->text" (with an arrow).
struct NumberedText {
  std::string text;                    ///< without the numbers; line N is line N of the whole
  std::vector<std::uint32_t> gutters;  ///< bytes before the text of each line
  std::size_t first_number = 0;
};

/// nullopt unless the lines carry numbers that rise by one from the first to the last (a few lines at the end may have
/// none).
std::optional<NumberedText> read_numbered(std::string_view text);

/// Lines of a text, by their bytes.
struct LineRun {
  std::size_t begin = 0, end = 0;
};

/// Where read_numbered() would read a file of eight lines or more within a text that says something around it: "[File:
/// a.py (90 lines)]", a tag, a fence. In order. Only where these files are the most of the text and the first begins
/// within its first lines; a text that is numbered from its first line on has none. Linear.
std::vector<LineRun> numbered_runs(std::string_view text);

}  // namespace headroom::detect
