#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace headroom::compress::diff {

/// What a line of a diff is.
enum class Kind : std::uint8_t {
  kText,     ///< around the files: commit headers, messages, cover letters
  kStat,     ///< " src/a.c | 12 ++--"
  kHeader,   ///< of a file: "diff --git", "index", "---", "+++", modes, renames
  kData,     ///< of a binary patch
  kHunk,     ///< "@@ -1,7 +1,8 @@ section"
  kContext,  ///< in a hunk
  kRemoved,
  kAdded,
  kNote,  ///< "\ No newline at end of file"
};

/// Lines of a hunk that change something, without context between them. Line numbers here count from 0.
struct Run {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t hunk = 0;
};

struct Hunk {
  std::uint32_t head = 0;  ///< the line with "@@"
  std::uint32_t end = 0;   ///< after its last line
  std::uint32_t file = 0;
  std::uint32_t first_run = 0, last_run = 0;  ///< runs, the last excluded
  std::string_view section;                   ///< what follows the second "@@"
};

struct File {
  std::uint32_t begin = 0, header_end = 0, end = 0;
  std::uint32_t first_hunk = 0, last_hunk = 0;  ///< hunks, the last excluded
  std::string_view path;                        ///< as the new side calls it, without "b/"; the old one if deleted
  std::string_view old_path;
  std::uint32_t added = 0, removed = 0;  ///< lines
};

/// A diff, line by line. Views into the text, which must outlive it.
struct Document {
  std::string_view text;
  std::vector<std::string_view> lines;
  std::vector<Kind> kinds;
  std::vector<std::uint32_t> place;  ///< of a hunk's line: its number in the new file, or where it would stand
  std::vector<File> files;
  std::vector<Hunk> hunks;
  std::vector<Run> runs;
  std::vector<std::uint8_t> prefix;  ///< of a hunk's line: columns before the source text; more than 1 when combined
  bool final_newline = false;

  std::string_view source(std::uint32_t line) const {
    return lines[line].substr(std::min<std::size_t>(prefix[line], lines[line].size()));
  }
  bool changed(std::uint32_t line) const { return kinds[line] == Kind::kRemoved || kinds[line] == Kind::kAdded; }
};

/// Reads unified, combined and normal diffs of git, GNU diff, svn and hg, with whatever stands between the files.
/// Anything else becomes kText, so no input fails.
Document read_document(std::string_view text);

}  // namespace headroom::compress::diff
