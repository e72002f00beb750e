#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/diff/document.h"
#include "compress/diff/templates.h"

namespace headroom::compress::diff {

/// Why a line is left out.
enum class Left : std::uint8_t {
  kKept,
  kContext,  ///< unchanged lines, headings of hunks
  kHeader,   ///< lines of a file's header that say nothing more than the one that stays
  kRepeat,   ///< a change that others made before
  kMachine,  ///< in a lock file, a minified or generated one
  kStat,     ///< of a long list of files with counts
  kData,     ///< of a binary patch
  kSpace,    ///< a removed line that comes back below with other white space
  kAside,    ///< of a file that the question does not touch, where tokens are short
  kCopy,     ///< changed lines that stand above already, added or removed: moved or repeated
};

/// Changed lines that are the same as others above.
struct Copy {
  std::uint32_t begin = 0, end = 0;  ///< lines, the last excluded
  std::uint32_t from = 0;            ///< where they stand above
};

std::string_view left_name(Left left);

struct Selection {
  std::vector<Left> lines;
  std::vector<Copy> copies;              ///< ascending
  std::vector<std::uint8_t> whole_file;  ///< per file: nothing of it stays, its name stands in a gap
};

/// Every changed line stays unless its change repeats one that is shown, or the file is machine-made; what the question
/// names, and what deviates from its group, stays in any case.
Selection select_lines(const Document& document, const Templates& templates, const std::vector<std::uint8_t>& deviates,
                       const std::vector<std::uint8_t>& asked, const Query& query, Profile profile);

/// Takes changes out of the selection until about `tokens` are left: of the files that the question does not touch the
/// largest first; then their names stand in gaps. What the question touches stays.
void meet_budget(const Document& document, const std::vector<std::uint8_t>& asked, const Query& query,
                 std::size_t tokens, Selection& selection);

}  // namespace headroom::compress::diff
