#pragma once

#include <cstdint>
#include <string_view>

namespace headroom::money {

enum class CacheKind : std::uint8_t {
  kNone,       ///< no prompt cache, or none that is known: every token costs the input price
  kMarks,      ///< what stands before a cache mark of the request
  kAutomatic,  ///< every prefix
};

/// How a model's prompt cache works: a row of cache_rules.tsv. Times are seconds since the last use, ratios are of the
/// input price. The views live as long as the program.
struct CacheRules {
  std::string_view model;  ///< what the names start with that the row is for
  CacheKind kind = CacheKind::kNone;
  std::uint64_t minimum_tokens = 0;  ///< a shorter prefix is not cached
  std::uint64_t step_tokens = 1;     ///< kAutomatic: cached tokens are the minimum and a multiple of this
  std::int64_t ttl_s = 0;
  std::int64_t long_ttl_s = 0;  ///< kMarks: for marks that ask for it; 0: there is none
  std::uint32_t look_back = 0;  ///< kMarks: how many blocks before a mark an older entry may end
  double write_ratio = 1;
  double long_write_ratio = 1;
  double read_ratio = 1;
  std::string_view source, date;
};

/// The rules for a model, named as clients write it (see tokens::find_model); those of no cache for one that is not
/// known.
const CacheRules& cache_rules(std::string_view model);

}  // namespace headroom::money
