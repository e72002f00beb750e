#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "replay/replay.h"

namespace headroom::cli {

/// What stands around the figures of a replay.
struct ReplayContext {
  replay::CacheMode cache = replay::CacheMode::kRecorded;
  std::string model;  ///< priced as; empty: as recorded
  std::size_t files = 0;
  std::size_t other_files = 0;  ///< in which there was no recording
  std::uint64_t damaged_lines = 0;
};

std::string replay_text(const std::vector<replay::SessionResult>& results, const ReplayContext& context,
                        const Console& console);
std::string replay_json(const std::vector<replay::SessionResult>& results, const ReplayContext& context);

std::string_view cache_mode_name(replay::CacheMode mode);

}  // namespace headroom::cli
