#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::search {

/// Finds as elements, as an editor's search tool writes them: <match path="a.ts" line=12>, lines of text, </match>.
struct FlatMatches {
  std::string text;   ///< "a.ts:12:text" for each, "a.ts-12-text" for its further lines
  std::string title;  ///< the first line of what stands for such a text; says how lines are quoted
  std::vector<std::uint32_t>
      begins;  ///< by line of `text`: the line of the original where it begins, from 0; then its end
};

/// Nothing when the text is not made of such elements for the most part.
std::optional<FlatMatches> flatten_matches(std::string_view text);

/// What follows the title when `text` begins with one; empty otherwise.
std::string_view after_matches_title(std::string_view text);

/// Lines of FlatMatches::text as elements again; gaps and other lines as they are.
std::string restore_matches(std::string_view title, std::string_view flat);

/// Gaps that count lines of FlatMatches::text made to count those of the original.
std::string renumber_gaps(std::string_view text, const FlatMatches& matches);

}  // namespace headroom::compress::search
