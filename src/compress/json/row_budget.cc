#include "compress/json/row_budget.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace headroom::compress::json {
namespace {

using base::JsonKind;

/// Tables that cost more than this as a whole keep only what speaks for itself.
constexpr std::size_t kCheapTokens = 2500;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Hash of the words in a text; runs of letters that touch a digit are ids.
std::uint64_t words_hash(std::string_view text) {
  std::uint64_t hash = 1469598103934665603ULL;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && is_letter(text[at])) ++at;
    const bool id =
        at - begin < 3 || (begin > 0 && is_digit(text[begin - 1]) && at < text.size() && is_digit(text[at]));
    if (id) continue;
    for (char c : text.substr(begin, at - begin)) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash *= 31;
  }
  return hash;
}

}  // namespace

std::size_t row_budget(std::size_t rows) {
  return std::max<std::size_t>(10, static_cast<std::size_t>(2.3 * std::pow(static_cast<double>(rows), 0.45)));
}

double row_variety(const base::JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts) {
  std::size_t best = 0;
  for (std::size_t column = 0; column < facts.size(); ++column) {
    if (column == table.children || facts[column].time || facts[column].numeric) continue;
    std::unordered_set<std::uint64_t> seen;
    for (std::uint32_t example : table.columns[column].examples) {
      if (example == kMissing || doc.node(example).kind != JsonKind::kString) continue;
      seen.insert(words_hash(doc.node(example).text.substr(0, 400)));
    }
    best = std::max(best, seen.size());
  }
  if (table.kind == Table::Kind::kEntries) {
    std::unordered_set<std::uint64_t> seen;
    for (std::uint32_t row : table.rows) seen.insert(words_hash(doc.node(row).key));
    best = std::max(best, seen.size());
  }
  return static_cast<double>(best) / static_cast<double>(table.rows.size());
}

double worthy_share(double variety, std::size_t tokens) {
  if (tokens > kCheapTokens || variety < 0.4) return 0;
  // The cheaper the table, the more of it.
  return std::min(1.0, variety) * (tokens <= kCheapTokens / 2 ? 0.6 : 0.45);
}

}  // namespace headroom::compress::json
