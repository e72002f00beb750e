#pragma once

#include <cstdint>
#include <string_view>

namespace headroom::money {

/// What a model's tokens cost, in USD per million. Where models.tsv has no figure one is worked out and said so: cache
/// prices from the ratios of cache_rules.tsv; input as kAssumedInput; output as kAssumedOutputRatio times the input.
struct Prices {
  double input = 0;
  double cache_write = 0;
  double cache_write_long = 0;  ///< for the longer of two lifetimes; as cache_write where there is one
  double cache_read = 0;
  double output = 0;
  bool assumed = false;        ///< the price of input is: sums in dollars say how things compare, not what they cost
  bool assumed_cache = false;  ///< a price of the cache is worked out by a ratio
};

inline constexpr double kAssumedInput = 1;
inline constexpr double kAssumedOutputRatio = 5;

/// The model's prices, named as clients write it.
Prices prices_for(std::string_view model);

/// The tokens of a request, each counted once, and of its answer.
struct Usage {
  std::uint64_t uncached = 0;
  std::uint64_t written = 0;       ///< to the cache, for the usual time
  std::uint64_t written_long = 0;  ///< for the longer time
  std::uint64_t cached = 0;        ///< read from the cache
  std::uint64_t output = 0;

  std::uint64_t input() const { return uncached + written + written_long + cached; }
  Usage& operator+=(const Usage& other);
  bool operator==(const Usage&) const = default;
};

/// In USD.
double cost(const Prices& prices, const Usage& usage);

}  // namespace headroom::money
