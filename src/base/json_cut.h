#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::base {

/// JSON whose end is missing, as `| head -c 20000` or a tool's own limit leaves it.
struct CutJson {
  std::size_t whole =
      0;                ///< bytes of the text up to the end of the last whole item of the outermost array that is open
  std::string closers;  ///< what closes that array and all around it: text.substr(0, whole) + closers is whole JSON
  std::size_t items = 0;  ///< whole items of the array
};

/// nullopt for whole JSON, for text that is none, and where no open array has at least `fewest` whole items. Strings
/// and numbers are not checked. Time linear in the text.
std::optional<CutJson> find_cut(std::string_view text, std::size_t fewest = 4);

}  // namespace headroom::base
