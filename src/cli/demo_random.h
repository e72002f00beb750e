#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace headroom::cli {

/// Numbers that look random and are the same everywhere (SplitMix64).
class DemoRandom {
 public:
  explicit DemoRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  /// From low to high, both included.
  int between(int low, int high) { return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1)); }
  std::string_view one_of(std::span<const std::string_view> choices) { return choices[next() % choices.size()]; }
  std::string hex(int digits) {
    std::string out;
    for (int i = 0; i < digits; ++i) out += "0123456789abcdef"[next() % 16];
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace headroom::cli
