#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "compress/log/selection.h"

namespace headroom::compress::log {

inline constexpr float kAlways = 10.0f;  ///< priority of a pick that no budget can refuse

inline std::size_t line_cost(const Line& line) {
  return estimated_tokens(line.text.size()) + 1;
}

/// A wish to keep some lines.
struct Pick {
  float priority;
  std::uint32_t first;
  std::uint32_t last;  ///< inclusive
  Reason reason;
};

/// Collects the wishes of all pickers for one log. Holds a reference to the Analysis, which must outlive it.
class Picks {
 public:
  explicit Picks(const Analysis& analysis);

  const Analysis& analysis() const { return analysis_; }
  const Document& document() const { return analysis_.document; }
  const Line& line(std::uint32_t i) const { return analysis_.document.lines[i]; }
  std::uint32_t count() const { return count_; }
  const Record& record_of(std::uint32_t i) const { return analysis_.records[record_of_[i]]; }

  /// How many lines say the same as line `i`, values aside.
  std::uint32_t repeats(std::uint32_t i) const { return analysis_.templates[line(i).template_id].count; }
  /// Line `i` says what many lines say.
  bool common(std::uint32_t i) const;

  /// Rough tokens of line `i`, and of all lines.
  std::size_t cost(std::uint32_t i) const { return line_cost(line(i)); }
  std::size_t total() const { return total_; }

  void add(float priority, std::uint32_t first, std::uint32_t last, Reason reason);
  /// A record as a whole, or, where it has more than `most` lines, its head, what is bad in it, and its end.
  void add_record(float priority, const Record& record, Reason reason, std::uint32_t most = kWholeRecord);
  /// A line and, where it is part of a small indented block, the block at a lower priority.
  void add_with_siblings(float priority, std::uint32_t i, Reason reason);

  std::vector<Pick> take() { return std::move(picks_); }

 private:
  static constexpr std::uint32_t kWholeRecord = 26;

  const Analysis& analysis_;
  std::uint32_t count_;
  std::size_t total_ = 0;
  std::vector<std::uint32_t> record_of_;
  std::vector<Pick> picks_;
};

}  // namespace headroom::compress::log
