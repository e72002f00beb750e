#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::compress::table {

/// True for a text that begins as a lossless output of TableCompressor does.
bool is_rewritten(std::string_view text);

/// The exact text that a lossless output of TableCompressor stands for; kParse for any other text.
base::Result<std::string> expand(std::string_view text);

}  // namespace headroom::compress::table
