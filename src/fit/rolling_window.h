#pragma once

#include "fit/plan.h"

namespace headroom::fit {

/// Takes the oldest first: steps of the first round (the task itself stays), then round by round, then the oldest steps
/// of long recent rounds. Nothing when the window holds everything.
Plan rolling_window(const Window& window);

}  // namespace headroom::fit
