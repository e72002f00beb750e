#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::bench {

/// Source code of a language.
struct CodeSample {
  std::string_view language;  ///< compress::code::language_by_name()
  std::string_view path;
  std::string text;
};

/// Functions without end, of at least `bytes` bytes, in each language that has a grammar. The same bytes on every
/// machine.
std::vector<CodeSample> code_samples(std::size_t bytes);

}  // namespace headroom::bench
