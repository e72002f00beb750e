#include "fit/rolling_window.h"

#include "fit/draft.h"

namespace headroom::fit {

Plan rolling_window(const Window& window) {
  Draft draft(window);
  if (!draft.needed()) return std::move(draft).finish();
  const Units& units = draft.units();
  std::size_t step = 0;
  const auto remove_steps = [&](std::uint32_t end) {
    for (; step < units.steps.size() && units.steps[step].end <= end && !draft.reached(); ++step) {
      draft.remove(units.steps[step], "oldest step");
    }
  };
  for (const Unit& round : units.rounds) {
    if (round.end > units.tail || draft.reached()) break;
    if (round.removable) draft.remove(round, "oldest round");
    remove_steps(round.end);  // of a round that may not leave as a whole
  }
  remove_steps(units.fresh);
  return std::move(draft).finish();
}

}  // namespace headroom::fit
