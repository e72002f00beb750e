#include "proxy/shown_path.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace headroom::proxy {

std::string shown_path(std::string_view path) {
  for (const std::string_view mark : {";", "%3f", "%3F", "%3b", "%3B"}) path = path.substr(0, path.find(mark));
  std::string shown;
  shown.reserve(path.size());
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f) {
      shown += c;
    } else {
      fmt::format_to(std::back_inserter(shown), "%{:02X}", byte);
    }
  }
  return shown;
}

}  // namespace headroom::proxy
