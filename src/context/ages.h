#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::context {

/// A time that has passed, as tables tell it: "6d4h", "25s", "(3m", "2 hours", "1:07:31". It is cut off, so the true
/// one is at least `seconds` and less than `seconds + grain`.
struct Age {
  std::int64_t seconds = 0, grain = 0;
  bool clock = false;  ///< "1:07:31", which may be a time of day: then it stays
};

/// A row of a table without what only the passing of time changes.
struct AgelessRow {
  std::string text;  ///< single blanks, or the tabs that stand there, between the words, and a mark for each age
  std::vector<Age> ages;
};
AgelessRow without_ages(std::string_view row);

/// What the columns of the table are called says that not only the passing of time changes what looks like an age:
/// "250m" under "CPU(cores)" is a quarter of a core, "30s" under "TIMEOUT" a setting.
bool names_other_spans(std::string_view table);

/// It asks for a time, so ages stay as they are told.
bool asks_for_time(std::string_view question);

/// Two tellings of one age.
struct AgePair {
  Age earlier, later;
};

/// The time between two tables by which most of the pairs grew, and for each whether it did.
struct Growth {
  std::int64_t least = 0, most = 0;  ///< seconds
  std::vector<bool> fits;
};
/// nullopt where no time fits more than half of the pairs.
std::optional<Growth> common_growth(std::span<const AgePair> pairs);

/// "+20s", "+14m", "+3h", "+2d", or "+3h at most" where the ages tell no more.
std::string span_text(const Growth& growth);

}  // namespace headroom::context
