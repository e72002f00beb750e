#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace headroom::bench {

using Words = std::array<std::string_view, 6>;

inline constexpr Words kPorts = {"Aalborg", "Bergen", "Cadiz", "Dover", "Esbjerg", "Fowey"};
inline constexpr Words kGoods = {"timber", "grain", "salt", "machines", "paper", "citrus"};
inline constexpr Words kActs = {"berth assigned",    "manifest read", "crane moved",
                                "tide table loaded", "pilot aboard",  "seal checked"};

/// Small, quick and the same everywhere (xorshift64*).
class Numbers {
 public:
  std::uint64_t below(std::uint64_t bound) {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return (state_ * 0x2545F4914F6CDD1DULL >> 33U) % bound;
  }
  std::string_view of(const Words& words) { return words[below(words.size())]; }

 private:
  std::uint64_t state_ = 0x5EED;
};

}  // namespace headroom::bench
