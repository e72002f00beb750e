#include "money/cache_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "money/cache_rules_text.h"
#include "tokens/models.h"

namespace headroom::money {
namespace {

constexpr std::size_t kColumns = 12;

template <typename Number>
Number number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

CacheKind kind_of(std::string_view name) {
  if (name == "marks") return CacheKind::kMarks;
  return name == "automatic" ? CacheKind::kAutomatic : CacheKind::kNone;
}

CacheRules parse_row(std::string_view line) {
  std::array<std::string_view, kColumns> field;
  for (std::string_view& column : field) {
    const auto tab = line.find('\t');
    column = line.substr(0, tab);
    line = tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1);
  }
  return {.model = field[0],
          .kind = kind_of(field[1]),
          .minimum_tokens = number<std::uint64_t>(field[2]),
          .step_tokens = std::max<std::uint64_t>(number<std::uint64_t>(field[3]), 1),
          .ttl_s = number<std::int64_t>(field[4]),
          .long_ttl_s = number<std::int64_t>(field[5]),
          .look_back = number<std::uint32_t>(field[6]),
          .write_ratio = number<double>(field[7]),
          .long_write_ratio = number<double>(field[8]),
          .read_ratio = number<double>(field[9]),
          .source = field[10],
          .date = field[11]};
}

/// Longest names first, so that the first that fits counts.
std::vector<CacheRules> parse_table() {
  std::vector<CacheRules> rows;
  std::string_view table = kCacheRulesText;
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    if (end > 0 && table[0] != '#') rows.push_back(parse_row(table.substr(0, end)));
    table.remove_prefix(std::min(end + 1, table.size()));
  }
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
