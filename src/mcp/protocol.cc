#include "mcp/protocol.h"

#include <algorithm>

namespace headroom::mcp {

std::string_view negotiated_version(std::string_view requested) {
  const auto* const found = std::ranges::find(kVersions, requested);
  return found == kVersions.end() || *found == kStatelessVersion ? kVersions[1] : *found;
}

}  // namespace headroom::mcp
