#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/splice.h"
#include "wire/conversation.h"

namespace headroom::fit {

enum class SchemaLevel : std::uint8_t {
  /// White space between tokens, and annotations that no validator reads and that say nothing more: "$schema",
  /// "$comment", "default": null, "title" where a description stands beside it or it is the property's name again,
  /// "examples" where a description stands beside them. What a call may hold stays the same.
  kAnnotations,
  /// Also cuts descriptions of properties of more than 300 bytes to their first sentences. Never the tool's own.
  kDescriptions,
};

/// Edits that write the tool definitions shorter, one for each tool that gains. What stays keeps its bytes and its
/// order; cache marks, and names that only look like annotations (a property called "title"), stay. Looks at nothing
/// but the bytes of each tool, so the same tools give the same edits in every turn.
std::vector<base::Edit> tool_schema_edits(std::string_view body, const wire::Conversation& conversation,
                                          SchemaLevel level);

}  // namespace headroom::fit
