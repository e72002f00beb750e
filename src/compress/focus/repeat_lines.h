#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::focus {

/// Lines that are the same as others above; all count from 0, ends are excluded.
struct Repeat {
  std::size_t begin = 0, end = 0;
  std::size_t from = 0;
};

/// Stretches of at least three lines that stand above already and are worth a marker. Only lines that `may_go` marks
/// are in one, and only those that `may_stand` marks are what it repeats; an empty span marks all.
std::vector<Repeat> find_repeats(std::span<const std::string_view> lines, std::span<const std::uint8_t> may_go,
                                 std::span<const std::uint8_t> may_stand);

/// Lines that stand above already, three or more together, become "<<120-131: as 40-51>>": nothing is lost, and
/// expand_lines() gives the exact bytes back. Lines that `asked` marks stay where they are. nullopt: nothing to fold.
std::optional<std::string> fold_lines(std::string_view text, std::span<const std::uint8_t> asked = {});

std::string expand_lines(std::string_view folded);

}  // namespace headroom::compress::focus
