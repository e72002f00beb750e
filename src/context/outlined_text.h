#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom::context {

/// The lines of a text, and what they say of each other by indentation and, in Markdown, by headings. Views into the
/// text; lines count from 0.
class OutlinedText {
 public:
  explicit OutlinedText(std::string_view text);

  std::string_view text() const { return text_; }
  const std::vector<std::string_view>& lines() const { return lines_; }
  /// Without the numbers that a viewer has put before them.
  const std::vector<std::string_view>& bare_lines() const { return bare_; }

  /// The line begins what is indented below it and is called so ("def name(", "func (t *T) name() {", "name: function
  /// {"), or is a heading. `name` is in lower case.
  bool defines(std::size_t line, std::string_view name) const;
  /// The lines that a line stands below: less and less indented ones, the nearest heading, and those right above it.
  std::vector<std::size_t> above(std::size_t line) const;
  /// The first line of the item of a list ("- "), or of the few fields between blank lines ("Name: x"), that the line
  /// belongs to; else the line itself.
  std::size_t item_of(std::size_t line) const;
  /// Behind what a line begins: a section, or what is indented below it, and some lines at least; at most `most`.
  std::size_t end_of(std::size_t line, std::size_t most) const;

 private:
  /// Those fields, from the first one to behind the last one; nullopt for other lines.
  std::optional<std::pair<std::size_t, std::size_t>> fields_around(std::size_t line) const;
  bool is_heading(std::string_view bare_line) const;

  std::string_view text_;
  std::vector<std::string_view> lines_, bare_;
  bool headings_ = false;  // "# " begins one, no comment
};

}  // namespace headroom::context
