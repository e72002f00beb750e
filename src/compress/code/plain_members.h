#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compress/code/outline.h"

namespace headroom::compress::code {

/// Runs of many members of one class, one after the other, of one plain statement each: getters and setters. They tell
/// nothing beyond their names. Members for which `asked` is true part a run.
std::vector<FoldedRun> plain_runs(const Outline& outline, const std::vector<std::string_view>& rows,
                                  const std::function<bool(std::uint32_t unit, Rows rows)>& asked);

}  // namespace headroom::compress::code
