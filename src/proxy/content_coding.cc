#include "proxy/content_coding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace headroom::proxy {
namespace {

constexpr std::array<std::pair<std::string_view, ContentCoding>, 5> kNames{{{"gzip", ContentCoding::kGzip},
                                                                            {"x-gzip", ContentCoding::kGzip},
                                                                            {"deflate", ContentCoding::kDeflate},
                                                                            {"zstd", ContentCoding::kZstd},
                                                                            {"br", ContentCoding::kBrotli}}};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// False for a name that means nothing here.
bool add(std::string_view name, std::vector<ContentCoding>& codings) {
  if (name.empty() || equals_ci(name, "identity")) return true;
  const auto known = std::ranges::find_if(kNames, [&](const auto& entry) { return equals_ci(name, entry.first); });
  if (known == kNames.end() || codings.size() == kMostCodings) return false;
  codings.push_back(known->second);
  return true;
}

}  // namespace

std::optional<std::vector<ContentCoding>> codings_of(const Fields& fields) {
  std::vector<ContentCoding> codings;
  for (const Field& field : fields) {
    if (!equals_ci(field.name, "content-encoding")) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (!add(trimmed(rest.substr(0, comma)), codings)) return std::nullopt;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return codings;
}

}  // namespace headroom::proxy
