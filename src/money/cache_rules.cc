#include "money/cache_rules.h"

#include <algorithm>
#include <vector>

#include "base/tsv.h"
#include "money/cache_rules_text.h"
#include "tokens/models.h"

namespace headroom::money {
namespace {

constexpr std::size_t kColumns = 12;

CacheKind kind_of(std::string_view name) {
  if (name == "marks") return CacheKind::kMarks;
  return name == "automatic" ? CacheKind::kAutomatic : CacheKind::kNone;
}

CacheRules parse_row(const std::vector<std::string_view>& cell) {
  return {.model = cell[0],
          .kind = kind_of(cell[1]),
          .minimum_tokens = base::number_in<std::uint64_t>(cell[2]),
          .step_tokens = std::max<std::uint64_t>(base::number_in<std::uint64_t>(cell[3]), 1),
          .ttl_s = base::number_in<std::int64_t>(cell[4]),
          .long_ttl_s = base::number_in<std::int64_t>(cell[5]),
          .look_back = base::number_in<std::uint32_t>(cell[6]),
          .write_ratio = base::number_in<double>(cell[7]),
          .long_write_ratio = base::number_in<double>(cell[8]),
          .read_ratio = base::number_in<double>(cell[9]),
          .source = cell[10],
          .date = cell[11]};
}

/// Longest names first, so that the first that fits counts.
std::vector<CacheRules> parse_table() {
  std::vector<CacheRules> rows;
  for (const auto& cells : base::tsv_rows(kCacheRulesText, kColumns)) rows.push_back(parse_row(cells));
  std::ranges::stable_sort(rows, [](const auto& a, const auto& b) { return a.model.size() > b.model.size(); });
  return rows;
}

}  // namespace

const CacheRules& cache_rules(std::string_view model) {
  static const CacheRules none;
  static const std::vector<CacheRules> rows = parse_table();
  const tokens::ModelInfo* info = tokens::find_model(model);
  if (info == nullptr) return none;
  const auto found =
      std::ranges::find_if(rows, [&](const CacheRules& row) { return info->name.starts_with(row.model); });
  return found == rows.end() ? none : *found;
}

}  // namespace headroom::money
