#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/splice.h"
#include "fit/plan.h"

namespace headroom::fit {

/// The edits that take the messages out of the body's list, each with a comma of its own, so that valid JSON stays
/// valid and every other byte stays. kInvalidArgument for removals that are empty, overlap or are not in the
/// conversation, and for the one text that may stand in the place of the list.
base::Result<std::vector<base::Edit>> removal_edits(std::string_view body, const wire::Conversation& conversation,
                                                    std::span<const Removal> removals);

}  // namespace headroom::fit
