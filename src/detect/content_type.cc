#include "detect/content_type.h"

#include <array>

namespace headroom::detect {
namespace {

constexpr std::array<std::string_view, 13> kNames = {"json", "ndjson", "log",    "code",  "search", "diff", "table",
                                                     "html", "xml",    "config", "prose", "binary", "other"};

}  // namespace

std::string_view content_type_name(ContentType type) {
  return kNames[static_cast<std::size_t>(type)];
}

ContentType content_type_from_name(std::string_view name, bool& ok) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) {
      ok = true;
      return static_cast<ContentType>(i);
    }
  }
  ok = false;
  return ContentType::kOther;
}

}  // namespace headroom::detect
