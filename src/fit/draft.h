#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fit/plan.h"
#include "fit/units.h"

namespace headroom::fit {

/// A plan in the making: what both strategies share.
class Draft {
 public:
  explicit Draft(const Window& window);

  const Window& window() const { return window_; }
  const Units& units() const { return units_; }
  /// Over the budget at all.
  bool needed() const { return window_.budget != 0 && before_ > window_.budget; }
  /// Down to the part of the budget that a plan aims at.
  bool reached() const { return now_ <= target_; }

  /// A marker of ours may stand in the block's place: its text decoded exactly, its message is no signed or marked one,
  /// and it is no call and not what a retrieval gave back.
  bool reducible(std::uint32_t block) const;
  /// Replaces the block by a marker that sums it up; nothing where that would not save much.
  void reduce(std::uint32_t block, std::string_view reason);
  /// Takes the unit away, unless it may not leave or has left.
  void remove(const Unit& unit, std::string_view reason);

  /// Puts a marker where messages were taken away and closes the account.
  Plan finish() &&;

 private:
  bool removed(std::uint32_t message) const { return gone_[message]; }
  /// The marker for removed messages can stand before this text: of the user, or, where none follows, a result.
  bool is_user_place(const wire::Block& block) const;
  bool is_result_place(const wire::Block& block) const;
  bool can_be_marked(std::uint32_t after) const;
  void mark_removed(Plan& plan);

  const Window& window_;
  Units units_;
  std::vector<bool> gone_;             ///< by message
  std::vector<std::int32_t> reduced_;  ///< by block: index into reductions_, -1
  std::vector<Reduction> reductions_;
  std::vector<Original> originals_;
  std::vector<Removal> removals_;
  std::uint32_t last_place_ = 0;  ///< the last message whose text could carry the marker
  std::size_t before_ = 0, now_ = 0, target_ = 0;
};

}  // namespace headroom::fit
