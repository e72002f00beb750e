#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

constexpr std::size_t kMaxTimes = 4;
/// Plain numbers from here on (the year 2001 in seconds) are taken for times when two columns of them go together.
constexpr double kFirstEpoch = 1e9;

/// Seconds since 1970 of a time as ColumnFacts has it: the digits YYYYMMDDhhmmssfff as one number.
double seconds_of(double digits) {
  if (!(digits >= 0 && digits < 1e17)) return std::numeric_limits<double>::quiet_NaN();
  const double days = std::floor(digits / 1e9), rest = digits - days * 1e9;
  const auto date = static_cast<long long>(days), clock = static_cast<long long>(rest);
  const std::chrono::sys_days day = std::chrono::year_month_day(
      std::chrono::year(static_cast<int>(date / 10000)), std::chrono::month(static_cast<unsigned>(date / 100 % 100)),
      std::chrono::day(static_cast<unsigned>(date % 100)));
  const auto of_day = clock / 10000000 * 3600 + clock / 100000 % 100 * 60;
  return static_cast<double>(day.time_since_epoch().count()) * 86400 + static_cast<double>(of_day) +
         static_cast<double>(clock % 100000) / 1000;
}

/// The column's times by row, NaN where there is none; empty when it holds no times.
std::vector<double> times_of(const Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  if (!facts.numeric) return {};
  std::vector<double> out;
  for (std::uint32_t value : c.table.columns[column].values) {
    const double number = facts.numbers[value];
    if (!facts.time && number < kFirstEpoch) return {};
    out.push_back(facts.time ? seconds_of(number) : number);
  }
  return out;
}

struct Span {
  double length = 0;
  std::uint32_t row = 0;
};

/// The spans from `begin` to `end` in order of length; empty when one does not follow the other.
std::vector<Span> spans(const std::vector<double>& begin, const std::vector<double>& end) {
  std::vector<Span> out;
  std::size_t backwards = 0;
  for (std::uint32_t row = 0; row < begin.size(); ++row) {
    const double length = end[row] - begin[row];
    if (std::isnan(length)) continue;
    backwards += length < 0;
    out.push_back({length, row});
  }
  if (out.size() * 2 < begin.size() || backwards * 20 > out.size()) return {};
  std::ranges::sort(out, {}, &Span::length);
  if (!out.empty() && out.front().length == out.back().length) out.clear();
  return out;
}

void propose_spans(Candidates& c, const std::vector<Span>& sorted, std::size_t column) {
  const bool asked = c.question.conditions().duration;
  const Orders& orders = c.question.orders();
  const auto offer = [&](auto at, double score) {
    for (std::size_t rank = 0; rank < std::min<std::size_t>(3, sorted.size()); ++rank, ++at)
      c.propose(Reason::kAsked, score / static_cast<double>(rank + 1), at->row, column);
  };
  if (asked && !orders.only_low()) offer(sorted.rbegin(), 9);
  if (asked && !orders.only_high()) offer(sorted.begin(), 8);
  // One that takes far longer than the others is worth showing to whoever asks.
  const double usual = sorted[sorted.size() * 9 / 10].length;
  if (usual > 0 && sorted.back().length > 3 * usual) c.propose(Reason::kOutlier, 1, sorted.back().row, column);
  if (sorted.front().length < 0) c.propose(Reason::kOdd, 2, sorted.front().row, column);
}

}  // namespace

void find_durations(Candidates& c) {
  std::vector<std::pair<std::size_t, std::vector<double>>> times;
  for (std::size_t column = 0; column < c.facts.size() && times.size() < kMaxTimes; ++column) {
    if (column == c.table.children) continue;
    if (std::vector<double> values = times_of(c, column); !values.empty())
      times.emplace_back(column, std::move(values));
  }
  for (const auto& [a, begin] : times) {
    for (const auto& [b, end] : times) {
      if (a == b || c.facts[a].time != c.facts[b].time) continue;
      if (const std::vector<Span> sorted = spans(begin, end); !sorted.empty()) propose_spans(c, sorted, b);
    }
  }
}

}  // namespace headroom::compress::json
