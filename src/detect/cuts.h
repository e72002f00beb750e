#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "detect/segments.h"

namespace headroom::detect {

/// A piece of a text that stands out from what is around it.
struct Cut {
  std::size_t begin = 0, end = 0;          ///< bytes
  ContentType type = ContentType::kOther;  ///< kOther: to be found out
  std::string reason;
  std::string path;
  bool fixed = false;
};
using Cuts = std::vector<Cut>;

// Each finds one kind of structure: cuts in order, apart from each other; none when the structure is not clear. Linear.

/// <system-reminder> ... </system-reminder> and <environment_details> ... </environment_details>, which clients put
/// into results; never to be changed, but for a long list of names in them.
Cuts find_reminders(std::string_view text);

/// Files whose lines carry their numbers, with the path that the lines before them name.
Cuts find_numbered_files(std::string_view text);

/// What stands between <file path="x"> and </file>, <document> and </document> and the like, tags on lines of their
/// own.
Cuts find_tagged(std::string_view text);

/// Files after headers such as "==> a.py <==", "--- src/a.c ---", "===== File: a.py =====".
Cuts find_files(std::string_view text);

/// The insides of ``` and ~~~ fences that are large enough.
Cuts find_fences(std::string_view text);

/// Sections under "### Result 3", "[3] ...", "Document 3:".
Cuts find_numbered_sections(std::string_view text);

/// JSON values that end with their line, runs of lines that are JSON each, and HTML documents.
Cuts find_values(std::string_view text);

/// Markdown tables.
Cuts find_tables(std::string_view text);

}  // namespace headroom::detect
