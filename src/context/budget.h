#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "base/clock.h"
#include "context/decision_cache.h"
#include "context/router.h"

namespace headroom::context {

/// A tool result whose decision may be made again with more effort.
struct Shrinkable {
  Effort effort;
  std::size_t tokens_before = 0;
  std::shared_ptr<const Decision> decision;

  std::size_t tokens() const { return decision->report.tokens_after; }
};

/// Makes the decision of the result at `index` anew.
using Redecide = std::function<std::shared_ptr<const Decision>(std::size_t index, const Effort& effort)>;

/// Shrinks the largest results first (of equal ones the oldest), at first by the aggressive profile, then by targets
/// that halve, until `total`, the tokens of the whole request, is at most `budget` or nothing more can be had. Results
/// that may lose nothing stay as they are. Gives the new total. What is known of the request decides, and no clock but
/// the deadline.
std::size_t fit_budget(std::span<Shrinkable> results, std::size_t total, std::size_t budget, const Redecide& redecide,
                       base::Deadline deadline);

}  // namespace headroom::context
