#pragma once

#include <string>
#include <vector>

#include "replay/replay.h"

namespace headroom::replay {

/// Dollars over the requests of the sessions, as they were and through Headroom: each point is the sum over all
/// sessions that have that many requests.
struct CostCurve {
  std::vector<double> passthrough, headroom;
};
CostCurve cost_curve(const std::vector<SessionResult>& results);

/// The curve as a picture: above the cost of each request, below what all up to it cost.
std::string cost_svg(const CostCurve& curve, const std::string& title);

}  // namespace headroom::replay
