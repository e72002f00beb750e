#pragma once

#include <string_view>

#include "compress/compressor.h"
#include "detect/content_type.h"

namespace headroom::context {

/// An agent that edits a file must quote it exactly, so a file that it has just read stays as it is when an edit comes
/// next: the user asks for a change or a review (and names this file, or none), or the assistant says that it will make
/// one. JSON that a file tool shows stays unless it is data (`holds_records`): settings that are rewritten as a table
/// could not be quoted at all. `text` is the file as it is shown, line numbers left out. `shows_file`: the text itself
/// tells that it shows files, whatever the tool is called.
bool must_stay_exact(const compress::Query& query, detect::ContentType type, std::string_view text,
                     bool shows_file = false);

/// The text asks for, or announces, a change of files: "fix the race", "rename it", "please add a test".
bool asks_for_change(std::string_view text);

}  // namespace headroom::context
