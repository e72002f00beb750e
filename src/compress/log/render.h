#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compress/log/selection.h"

namespace headroom::compress::log {

/// The kept lines with a gap marker for every run of dropped ones, and the handle marker as the last line. Gap markers
/// name the commonest templates of the gap where that is cheap beside what the gap removed; the handle sums up the
/// whole block, kept lines included.
std::string render(const Analysis& analysis, const std::vector<Reason>& keep, std::string_view id);

}  // namespace headroom::compress::log
