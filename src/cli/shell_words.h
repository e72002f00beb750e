#pragma once

#include <span>
#include <string>
#include <string_view>

namespace headroom::cli {

/// A word as a POSIX shell reads it back: as it is, or in single quotes where it needs them.
std::string shell_word(std::string_view word);

/// The words as one line that a shell splits into them again.
std::string shell_line(std::span<const std::string> words);

}  // namespace headroom::cli
