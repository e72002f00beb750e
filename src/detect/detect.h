#pragma once

#include <string_view>
#include <vector>

#include "detect/content_type.h"

namespace headroom::detect {

/// What is known about a text beside its bytes.
struct Hints {
  std::string_view tool_name;
  std::string_view tool_arguments;  ///< raw JSON or a command line
  std::string_view path;            ///< of the file that the text shows; empty when it shows none or several
};

/// Content type by structure, then by hints. Deterministic; one pass over at most the first 64 KiB (JSON: the whole
/// text is parsed by the compressor anyway, so only its outline is looked at).
Detection detect(std::string_view text, const Hints& hints = {});

/// What else the text may be when nothing is gained by taking it for what detect() says, most likely first. Only what
/// its lines give reason for.
std::vector<Detection> second_guesses(std::string_view text, const Detection& first);

}  // namespace headroom::detect
