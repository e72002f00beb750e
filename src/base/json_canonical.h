#pragma once

#include <string>

#include "base/json_document.h"

namespace headroom::base {

/// Appends the value without white space, members by their keys, so that what differs in these only is the same text.
/// Numbers stay as they are written.
void append_canonical_json(const JsonDocument& document, const JsonNode& node, std::string& out);

}  // namespace headroom::base
