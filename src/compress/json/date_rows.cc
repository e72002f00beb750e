#include <algorithm>
#include <array>
#include <string>

#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

constexpr std::size_t kShownOfMany = 3;  // rows next to the day, where more than an answer lie beyond it

/// "dueDate", "expires_at", "valid_until": a day by which something should have happened.
bool is_term(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kParts = {"due",   "expir",     "deadline",
                                                             "until", "not_after", "notafter"};
  std::string low(name);
  std::ranges::transform(low, low.begin(),
                         [](char x) { return x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x; });
  return std::ranges::any_of(kParts, [&](std::string_view part) { return low.find(part) != std::string::npos; });
}

/// The columns that the bound is about: those that the question names, of what is overdue those that say when.
std::vector<std::uint32_t> columns_of(const Candidates& c, const Question::DateBound& bound) {
  std::vector<std::uint32_t> times, meant;
  for (std::uint32_t column = 0; column < c.facts.size(); ++column) {
    if (column == c.table.children || !c.facts[column].time) continue;
    times.push_back(column);
    const bool fits = bound.overdue ? is_term(c.table.columns[column].name) : c.facts[column].named;
    if (fits) meant.push_back(column);
  }
  return meant.empty() && !bound.overdue ? times : meant;
}

}  // namespace

void find_dates(Candidates& c) {
  for (const Question::DateBound& bound : c.question.dates()) {
    for (const std::uint32_t column : columns_of(c, bound)) {
      std::vector<std::pair<double, std::uint32_t>> rows;
      for (std::uint32_t row = 0; row < c.rows; ++row) {
        const double time = c.facts[column].numbers[c.table.columns[column].values[row]];
        if (bound.above ? time >= bound.value : time < bound.value) rows.emplace_back(time, row);
      }
      if (rows.size() == c.rows) continue;  // tells nothing apart
      if (rows.size() > kMaxAnswer) {
        std::ranges::sort(rows);
        if (!bound.above) std::ranges::reverse(rows);
        rows.resize(kShownOfMany);
      }
      for (const auto& [time, row] : rows) c.propose(Reason::kAsked, 20, row, column);
    }
  }
}

}  // namespace headroom::compress::json
