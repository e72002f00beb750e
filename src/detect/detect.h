#pragma once

#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// What is known about a text beside its bytes.
struct Hints {
  std::string_view tool_name;
  std::string_view tool_arguments;  ///< raw JSON or a command line
};

/// Content type by structure, then by hints. Deterministic; one pass over at most the first 64 KiB (JSON: the whole
/// text is parsed by the compressor anyway, so only its outline is looked at).
Detection detect(std::string_view text, const Hints& hints = {});

}  // namespace headroom::detect
