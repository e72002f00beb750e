#include "context/level.h"

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::context {

std::optional<Level> level_from_name(std::string_view name) {
  if (name == "lossless") return Level{.lossless = true};
  if (name == "balanced") return Level{};
  if (name == "aggressive") return Level{.profile = compress::Profile::kAggressive};
  return std::nullopt;
}

base::Result<std::vector<ToolLevel>> tool_levels(const std::vector<std::string>& items) {
  std::vector<ToolLevel> levels;
  for (const std::string& item : items) {
    const std::size_t equal = item.rfind('=');
    const std::string_view glob = base::trim(std::string_view(item).substr(0, equal));
    const auto level = equal == std::string::npos
                           ? std::nullopt
                           : level_from_name(base::trim(std::string_view(item).substr(equal + 1)));
    if (glob.empty() || !level) {
      return base::fail(base::ErrorCode::kInvalidArgument,
                        fmt::format("'{}' is not TOOL=lossless, TOOL=balanced or TOOL=aggressive", item));
    }
    levels.push_back({std::string(glob), *level});
  }
  return levels;
}

}  // namespace headroom::context
