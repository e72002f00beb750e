#pragma once

#include "fit/plan.h"

namespace headroom::fit {

/// Gives up what is worth least, as little of it as will do: tool results before the last rounds become markers, then
/// long texts there, then old results inside long recent rounds; only then rounds are taken away, oldest first. Nothing
/// when the window holds everything.
Plan intelligent_context(const Window& window);

}  // namespace headroom::fit
