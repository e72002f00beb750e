#include "compress/search/path.h"

#include <algorithm>

namespace headroom::compress::search {

std::string_view folder_of(std::string_view path) {
  const std::size_t at = path.find_last_of("/\\");
  return at == std::string_view::npos ? std::string_view() : path.substr(0, at + 1);
}

std::string_view common_folder(std::string_view a, std::string_view b) {
  const auto differ = std::ranges::mismatch(a, b);
  return folder_of(a.substr(0, static_cast<std::size_t>(differ.in1 - a.begin())));
}

}  // namespace headroom::compress::search
