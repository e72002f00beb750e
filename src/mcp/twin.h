#pragma once

#include <string_view>
#include <vector>

#include "base/json_document.h"

namespace headroom::mcp {

/// The structured content of a result says what its texts say: it is the JSON that the only text is, or has one member,
/// which is that JSON or that text, or a list of what the texts are, one by one.
bool is_twin(const base::JsonDocument& document, const base::JsonNode& structured,
             const std::vector<std::string_view>& texts);

}  // namespace headroom::mcp
