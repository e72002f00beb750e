#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace headroom::compress::log {

enum class Dimension : std::uint8_t { kNone, kTime, kSize, kPercent };

struct Quantity {
  double value = 0;  ///< in seconds, bytes, percent, or as written
  Dimension dimension = Dimension::kNone;
};

/// The one number in a word: "35ms", "1.2s", "lag=5" (5), "1m3s", "45%". nullopt where there is none, or several that
/// are no compound duration ("10.0.3.7", "src/a.rs:33:9").
std::optional<Quantity> parse_quantity(std::string_view word);

}  // namespace headroom::compress::log
