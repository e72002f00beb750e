#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace headroom::compress::search {

/// How a search tool wrote its finds.
enum class Form : std::uint8_t {
  kNumbered,    ///< path:12:text, path-12-context
  kUnnumbered,  ///< path:text, path-context
  kHeading,     ///< a path on a line of its own, then 12:text
  kList,        ///< a path a line, maybe with a count behind it
  kTree,        ///< drawn with lines, as tree prints it
  kRaw,         ///< anything else, such as 12:text of a single file
};

enum class RowKind : std::uint8_t {
  kHit,
  kContext,    ///< a line around a hit
  kSeparator,  ///< "--"
  kHeading,    ///< names the file of the rows below
  kPath,       ///< a record of a list
  kBlank,
  kNote,   ///< what the tool says itself: "grep: x: Permission denied", "Found 34 files"
  kOther,  ///< a line of no known shape
};

inline constexpr std::uint32_t kNoFile = 0xFFFFFFFF;

struct Row {
  std::string_view line;  ///< without its '\n'
  RowKind kind = RowKind::kOther;
  std::uint32_t file = kNoFile;  ///< index into Document::files
  std::uint32_t path_bytes = 0;  ///< how much of the line is the path; 0 below a heading
  std::uint32_t text_at = 0;     ///< where the text that was found begins
  std::uint32_t level = 0;       ///< columns before the name in a drawn tree
  std::string_view text() const { return line.substr(text_at); }
  /// What follows the path: ":12:text".
  std::string_view rest() const { return line.substr(path_bytes); }
  bool found() const { return kind == RowKind::kHit || kind == RowKind::kContext || kind == RowKind::kPath; }
};

/// The lines of a search tool's output, in order. Views into the text.
struct Document {
  Form form = Form::kRaw;
  std::vector<Row> rows;
  std::vector<std::string_view> files;  ///< each path once; in a list: of the rows, one each
  bool final_newline = false;
};

/// `events`: the text is one of flatten_events().
Document scan(std::string_view text, bool events = false);

}  // namespace headroom::compress::search
