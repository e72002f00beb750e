#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compress/compressor.h"

namespace headroom::context {

/// How far compression may go: what --profile and config.profile say.
struct Level {
  bool lossless = false;  ///< drop nothing, write no markers
  compress::Profile profile = compress::Profile::kBalanced;
};

/// "lossless", "balanced", "aggressive"; nullopt for anything else.
std::optional<Level> level_from_name(std::string_view name);

/// A level for the results of some tools.
struct ToolLevel {
  std::string glob;  ///< over the tool's name; case does not matter
  Level level;
};

/// Reads "GLOB=PROFILE" items, as in --tool-profiles. kInvalidArgument names the first that is none.
base::Result<std::vector<ToolLevel>> tool_levels(const std::vector<std::string>& items);

}  // namespace headroom::context
