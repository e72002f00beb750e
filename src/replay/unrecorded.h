#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "money/cache_simulator.h"
#include "money/prices.h"

namespace headroom::replay {

/// What requests held beside what is recorded, as far as the provider's counts tell: system prompt and tools in front,
/// files and reminders that an agent adds on its own account where the counts grow by more than the record does. One
/// per session.
class Unrecorded {
 public:
  /// The next request: its recorded units, and what the provider counted, or nullptr.
  void take(const std::vector<money::Unit>& units, const money::Usage* billed);

  /// The units of the request just taken (or of the same after Headroom) with those that are not recorded in their
  /// places. The first one stands for the model's own cache and has `mark`.
  std::vector<money::Unit> with(const std::vector<money::Unit>& units, std::string_view model, money::Mark mark) const;

  /// Of that list, what the first request found in the cache already.
  std::size_t found_units() const { return found_ ? 1 : 0; }
  std::uint64_t tokens_in_front() const;

 private:
  struct Part {
    std::size_t behind = 0;  ///< so many recorded units stand before it
    std::uint64_t tokens = 0;
    std::uint64_t hash = 0;
  };
  std::vector<Part> parts_;
  std::vector<std::uint64_t> before_;  ///< hashes of the request before
  bool first_ = true, found_ = false;
  std::uint64_t made_ = 0;
};

}  // namespace headroom::replay
