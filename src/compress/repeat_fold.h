#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress {

/// Lines that repeat, in order, the lines before them; numbers count from 1.
struct Repeat {
  std::size_t first = 0;  ///< of the lines that may go, both included
  std::size_t last = 0;
  std::size_t from = 0;  ///< of the lines that they repeat
  std::size_t to = 0;
};

/// Runs of identical lines, and of identical blocks of up to eight lines, that are worth a marker. In order.
std::vector<Repeat> find_repeats(std::span<const std::string_view> lines);

/// "line 12 repeated", "lines 9-12 repeated": what the gap for a repeat says.
std::string repeat_text(const Repeat& repeat);

/// Folds runs of identical lines, and of identical blocks of up to eight lines, into "<<13-40: lines 9-12 repeated>>".
/// Nothing is lost: expand_repeats() gives the exact bytes back. nullopt: nothing to fold, or the text holds such a
/// line already.
std::optional<std::string> fold_repeats(std::string_view text);

/// The inverse of fold_repeats().
std::string expand_repeats(std::string_view folded);

}  // namespace headroom::compress
