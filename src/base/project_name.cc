#include "base/project_name.h"

#include <algorithm>

#include "base/utf8.h"

namespace headroom::base {

bool is_project_name(std::string_view text) {
  constexpr std::size_t kLongest = 128;
  const auto refused = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || c == '/' || c == '\\';
  };
  return !text.empty() && text.size() <= kLongest && text != "." && text != ".." &&
         std::ranges::none_of(text, refused) && is_utf8(text);
}

}  // namespace headroom::base
