#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "compress/json/candidates.h"
#include "compress/json/value_facts.h"

namespace headroom::compress::json {
namespace {

/// Rows at an extreme that hold the same number are all kept up to this many.
constexpr std::size_t kMaxTies = 5;
/// So many of the smallest and of the greatest numbers are looked at.
constexpr std::ptrdiff_t kEnds = 8;
static_assert(kEnds > kMaxTies);

using base::JsonKind;
using base::JsonNode;

/// Puts the first and the last kEnds where a sort puts them; gives the number in the middle.
double sort_ends(std::vector<std::pair<double, std::uint32_t>>& numbers) {
  const auto begin = numbers.begin(), end = numbers.end();
  const auto middle = begin + (end - begin) / 2;
  std::nth_element(begin, middle, end);
  const double median = middle->first;
  std::partial_sort(begin, std::min(begin + kEnds, middle), middle);
  const auto rest = std::reverse_iterator(middle);  // the middle itself may be among the last
  std::partial_sort(numbers.rbegin(), std::min(numbers.rbegin() + kEnds, rest), rest, std::greater<>());
  return median;
}

/// Outliers, minima and maxima.
void find_number_rows(Candidates& c, std::size_t column, const std::vector<double>& numbers) {
  const ColumnFacts& facts = c.facts[column];
  const Column& data = c.table.columns[column];
  std::vector<std::pair<double, std::uint32_t>> sorted;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    const double number = numbers[data.values[row]];
    if (!std::isnan(number)) sorted.emplace_back(number, row);
  }
  if (sorted.size() < 2) return;
  const double median = sort_ends(sorted);
  if (sorted.front().first == sorted.back().first) return;
  // A sign that hardly another number has.
  const auto negative =
      static_cast<std::size_t>(std::ranges::count_if(sorted, [](const auto& entry) { return entry.first < 0; }));
  if (negative > 0 && negative <= std::max<std::size_t>(1, sorted.size() / 40)) {
    for (std::size_t at = 0; at < std::min<std::size_t>(3, negative); ++at) {
      c.propose(Reason::kOdd, 2, sorted[at].second, column);
    }
  }
  std::vector<double> deviations;
  for (const auto& [number, row] : sorted) deviations.push_back(std::fabs(number - median));
  std::ranges::nth_element(deviations, deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2));
  double spread = 1.4826 * deviations[deviations.size() / 2];
  if (spread == 0) {
    for (double deviation : deviations) spread += deviation / static_cast<double>(deviations.size());
  }
  const bool about = facts.named || (c.question.superlative() && (!c.question.wants_time() || facts.time));
  const std::size_t depth = facts.named && c.question.superlative() ? 4 : about ? 3 : 2;
  const double weight = facts.named ? 2 : 1;
  const auto offer = [&](std::size_t rank, const std::pair<double, std::uint32_t>& entry) {
    const double z = spread > 0 ? std::fabs(entry.first - median) / spread : 0;
    if (rank < 3 && z > 8 && !facts.time) c.propose(Reason::kOutlier, weight * std::log(z), entry.second, column);
    if (rank >= depth) return;
    const Reason reason = about ? Reason::kExtreme : Reason::kRange;
    c.propose(reason, weight * (1 + std::min(z, 20.0) / 10) / static_cast<double>(rank + 1), entry.second, column);
  };
  // Those that tie at the end that is asked for are all the answer when they are few.
  const auto offer_ties = [&](auto begin, auto end) {
    std::size_t ties = 0;
    for (auto at = begin; at != end && at->first == begin->first && ties <= kMaxTies; ++at) ++ties;
    if (ties > kMaxTies) return;
    for (std::size_t at = 0; at < ties; ++at)
      c.propose(Reason::kExtreme, weight * 2, (begin + static_cast<std::ptrdiff_t>(at))->second, column);
  };
  if (about && c.question.superlative()) {
    offer_ties(sorted.begin(), sorted.end());
    offer_ties(sorted.rbegin(), sorted.rend());
  }
  for (std::size_t rank = 0; rank < std::min<std::size_t>(4, sorted.size()); ++rank) {
    offer(rank, sorted[rank]);
    // Among equals the first in the text speaks for them.
    const auto top = sorted[sorted.size() - 1 - rank];
    offer(rank, top);
  }
}

}  // namespace

void find_numbers(Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  if (facts.numeric) find_number_rows(c, column, facts.numbers);
  for (const std::vector<double>& part : facts.parts) find_number_rows(c, column, part);
}

/// Where a series bends: the split into two straight lines that leaves much less error than one line does.
void find_bend(Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  if (!facts.numeric || facts.time || c.rows < 24 || c.table.kind == Table::Kind::kTree) return;
  const Column& data = c.table.columns[column];
  struct Sums {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    double error() const {
      const double vx = xx - x * x / n, vy = yy - y * y / n, vxy = xy - x * y / n;
      return vx > 0 ? std::max(0.0, vy - vxy * vxy / vx) : std::max(0.0, vy);
    }
  };
  std::vector<Sums> sums(c.rows + 1);
  for (std::size_t row = 0; row < c.rows; ++row) {
    const double y = facts.numbers[data.values[row]];
    if (std::isnan(y)) return;
    const double x = static_cast<double>(row);
    const Sums& s = sums[row];
    sums[row + 1] = {s.n + 1, s.x + x, s.y + y, s.xx + x * x, s.xy + x * y, s.yy + y * y};
  }
  const Sums& all = sums[c.rows];
  const double whole = all.error();
  if (whole < 1e-9 * (1 + all.yy)) return;
  double best = whole;
  std::size_t at = 0;
  for (std::size_t split = 6; split + 6 <= c.rows; ++split) {
    const Sums& a = sums[split];
    const Sums b = {all.n - a.n, all.x - a.x, all.y - a.y, all.xx - a.xx, all.xy - a.xy, all.yy - a.yy};
    if (const double error = a.error() + b.error(); error < best) {
      best = error;
      at = split;
    }
  }
  if (at == 0 || best > whole * 0.5) return;
  for (std::size_t row = at - 2; row <= at + 1; ++row) c.propose(Reason::kChange, 2.0 - best / whole, row, column);
}

}  // namespace headroom::compress::json
