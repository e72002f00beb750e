#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::compress::json {

/// The minified JSON (or NDJSON lines) that a text written by SmartCrusher stands for: the exact inverse of the
/// lossless layout. kNotFound when rows are missing (the text holds a gap marker): only the stored original has them.
/// kParse for anything that is no such text. Accepts ordinary JSON, too.
base::Result<std::string> expand(std::string_view text);

}  // namespace headroom::compress::json
