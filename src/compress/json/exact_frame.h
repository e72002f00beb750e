#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::compress::json {

/// A lossless output must give back the input's white space, too. The common writers' styles fit into one line in front
/// of the layout: "JSON indent=2, ends with newline:". Compact JSON without a final newline needs none.
///
/// The framed text, or nullopt when `source` has white space that no such line describes. `layout` is the text that
/// expand() turns into the minified values of `source`.
std::optional<std::string> frame_exactly(std::string_view source, std::string_view layout);

/// The exact inverse: the bytes of the source. Errors are those of expand().
base::Result<std::string> expand_exactly(std::string_view framed);

}  // namespace headroom::compress::json
