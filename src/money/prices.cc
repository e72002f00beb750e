#include "money/prices.h"

#include "money/cache_rules.h"
#include "tokens/models.h"

namespace headroom::money {
namespace {

constexpr double kMillion = 1e6;

}  // namespace

Prices prices_for(std::string_view model) {
  const tokens::ModelInfo* info = tokens::find_model(model);
  const CacheRules& rules = cache_rules(model);
  const tokens::ModelInfo unknown;
  const tokens::ModelInfo& row = info == nullptr ? unknown : *info;
  Prices prices;
  prices.assumed = row.input_price <= 0;
  prices.input = prices.assumed ? kAssumedInput : row.input_price;
  prices.output = row.output_price > 0 ? row.output_price : prices.input * kAssumedOutputRatio;
  const bool cache = rules.kind != CacheKind::kNone;
  const bool write_given = row.cache_write_price > 0;
  const bool read_given = row.cache_read_price > 0;
  prices.cache_write = cache && write_given ? row.cache_write_price : prices.input * rules.write_ratio;
  prices.cache_write_long = rules.long_ttl_s > 0 ? prices.input * rules.long_write_ratio : prices.cache_write;
  prices.cache_read = cache && read_given ? row.cache_read_price : prices.input * rules.read_ratio;
  prices.assumed_cache = cache && (!read_given || (!write_given && rules.write_ratio != 1));
  return prices;
}

Usage& Usage::operator+=(const Usage& other) {
  uncached += other.uncached;
  written += other.written;
  written_long += other.written_long;
  cached += other.cached;
  output += other.output;
  return *this;
}

double cost(const Prices& prices, const Usage& usage) {
  const double sum =
      static_cast<double>(usage.uncached) * prices.input + static_cast<double>(usage.written) * prices.cache_write +
      static_cast<double>(usage.written_long) * prices.cache_write_long +
      static_cast<double>(usage.cached) * prices.cache_read + static_cast<double>(usage.output) * prices.output;
  return sum / kMillion;
}

}  // namespace headroom::money
