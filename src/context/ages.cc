#include "context/ages.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::context {
namespace {

constexpr std::int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;

/// So many pairs, the most exact ones, are tried as the one that tells the time.
constexpr std::size_t kMostSeeds = 8;

constexpr char kAgeMark = '\x01', kClockMark = '\x02';
constexpr std::string_view kMarks = "\x01\x02";
/// Behind a word of the row that holds a mark itself, so that it is none.
constexpr char kNoMark = '\x03';

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::int64_t unit_of(char c) {
  switch (c) {
    case 's':
      return 1;
    case 'm':
      return kMinute;
    case 'h':
      return kHour;
    case 'd':
      return kDay;
    case 'y':
      return 365 * kDay;
    default:
      return 0;
  }
}

/// "6d4h", "2m10s": units that grow smaller.
std::optional<Age> read_age(std::string_view word) {
  Age age;
  while (!word.empty()) {
    std::size_t digits = 0;
    while (digits < word.size() && is_digit(word[digits])) ++digits;
    if (digits == 0 || digits > 6 || digits == word.size()) return std::nullopt;
    const std::int64_t unit = unit_of(word[digits]);
    if (unit == 0 || (age.grain != 0 && unit >= age.grain)) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : word.substr(0, digits)) value = value * 10 + (c - '0');
    age.seconds += value * unit;
    age.grain = unit;
    word.remove_prefix(digits + 1);
  }
  return age.grain != 0 ? std::optional(age) : std::nullopt;
}

/// "0:12", "1:07:31", "2-03:00:59": hours, minutes and seconds, as queues tell how long something runs. A time of day
/// looks the same.
std::optional<Age> read_clock(std::string_view word) {
  Age age{0, 1, true};
  if (const std::size_t dash = word.find('-'); dash != std::string_view::npos && dash > 0 && dash < 5) {
    for (const char c : word.substr(0, dash)) {
      if (!is_digit(c)) return std::nullopt;
      age.seconds = age.seconds * 10 + (c - '0');
    }
    age.seconds *= 24;
    word.remove_prefix(dash + 1);
  }
  std::size_t parts = 0;
  for (std::size_t digits = 0; !word.empty(); ++parts) {
    for (digits = 0; digits < word.size() && is_digit(word[digits]);) ++digits;
    if (digits == 0 || digits > (parts == 0 ? 3U : 2U) || (parts > 0 && digits != 2)) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : word.substr(0, digits)) value = value * 10 + (c - '0');
    age.seconds = parts == 0 ? age.seconds + value : age.seconds * 60 + value;
    word.remove_prefix(digits);
    if (word.empty()) break;
    if (word.front() != ':' || word.size() == 1) return std::nullopt;
    word.remove_prefix(1);
  }
  if (parts == 0 || parts > 2) return std::nullopt;
  return age;
}

/// "hours" behind a number.
std::int64_t unit_of_word(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kUnits = {
      {{"second", 1}, {"minute", kMinute}, {"hour", kHour}, {"day", kDay}, {"week", 7 * kDay}, {"month", 30 * kDay}}};
  if (word.ends_with('s')) word.remove_suffix(1);
  for (const auto& [name, seconds] : kUnits) {
    if (word == name) return seconds;
  }
  return 0;
}

std::string_view next_word(std::string_view row, std::size_t& at) {
  at = std::min(row.find_first_not_of(" \t\r", at), row.size());
  const std::size_t begin = at;
  at = std::min(row.find_first_of(" \t\r", at), row.size());
  return row.substr(begin, at - begin);
}

bool overlap(const std::pair<std::int64_t, std::int64_t>& a, const std::pair<std::int64_t, std::int64_t>& b) {
  return a.first <= b.second && b.first <= a.second;
}

}  // namespace

AgelessRow without_ages(std::string_view row) {
  AgelessRow out;
  std::size_t at = 0;
  std::size_t end = 0;  // of the word before
  for (std::string_view word = next_word(row, at); !word.empty(); end = at, word = next_word(row, at)) {
    // Two tabs have an empty cell between them.
    const auto begin = static_cast<std::size_t>(word.data() - row.data());
    const auto tabs = std::ranges::count(row.substr(end, begin - end), '\t');
    if (tabs > 0) {
      out.text.append(static_cast<std::size_t>(tabs), '\t');
    } else if (!out.text.empty()) {
      out.text.push_back(' ');
    }
    if (word.starts_with('(') && word.size() > 1) {
      out.text.push_back('(');
      word.remove_prefix(1);
    }
    const bool number = word.size() < 5 && std::ranges::all_of(word, is_digit);
    std::size_t behind = at;
    const std::int64_t unit = number ? unit_of_word(next_word(row, behind)) : 0;
    if (unit > 0) {
      std::int64_t value = 0;
      for (const char c : word) value = value * 10 + (c - '0');
      out.ages.push_back({value * unit, unit, false});
      out.text.push_back(kAgeMark);
      at = behind;
    } else if (const auto age = is_digit(word.front()) ? read_age(word) : std::nullopt) {
      out.ages.push_back(*age);
      out.text.push_back(kAgeMark);
    } else if (const auto clock = is_digit(word.front()) ? read_clock(word) : std::nullopt) {
      out.ages.push_back(*clock);
      out.text.push_back(kClockMark);
    } else {
      out.text.append(word);
      if (word.find_first_of(kMarks) != std::string_view::npos) out.text.push_back(kNoMark);
    }
  }
  return out;
}

bool names_other_spans(std::string_view table) {
  static constexpr std::size_t kLongestHeader = 400;
  static constexpr std::array<std::string_view, 14> kNames = {"cpu",     "timeout", "interval", "ttl",     "delay",
                                                              "latency", "mean",    "median",   "p50",     "p90",
                                                              "p95",     "p99",     " lag",     "response"};
  const std::string_view header = table.substr(0, std::min(table.find('\n'), kLongestHeader));
  return std::ranges::any_of(kNames, [&](std::string_view name) { return base::contains_ci(header, name); });
}

bool asks_for_time(std::string_view question) {
  static constexpr std::array<std::string_view, 13> kWords = {"age",      "ages",   "old",     "older",  "oldest",
                                                              "newest",   "young",  "younger", "uptime", "ago",
                                                              "youngest", "recent", "longest"};
  // "Tell me when all are ready" and "slow since this morning" ask for no time.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kPairs = {{{"how", "long"},
                                                                                            {"how", "new"},
                                                                                            {"since", "when"},
                                                                                            {"what", "time"},
                                                                                            {"much", "time"},
                                                                                            {"which", "time"},
                                                                                            {"times", "are"},
                                                                                            {"when", "did"},
                                                                                            {"when", "was"},
                                                                                            {"when", "were"},
                                                                                            {"when", "has"},
                                                                                            {"when", "have"},
                                                                                            {"when", "is"},
                                                                                            {"when", "does"}}};
  std::string before;
  for (std::string& word : base::words(question)) {
    if (std::ranges::any_of(kWords, [&](std::string_view told) { return word == base::stem(told); })) return true;
    const auto ends = [&](const auto& pair) {
      return before == base::stem(pair.first) && word == base::stem(pair.second);
    };
    if (std::ranges::any_of(kPairs, ends)) return true;
    before = std::move(word);
  }
  return false;
}

std::optional<Growth> common_growth(std::span<const AgePair> pairs) {
  if (pairs.empty()) return std::nullopt;
  using Range = std::pair<std::int64_t, std::int64_t>;  // seconds, both included
  std::vector<Range> ranges;
  ranges.reserve(pairs.size());
  for (const AgePair& pair : pairs) {
    ranges.emplace_back(pair.later.seconds - pair.earlier.seconds - pair.earlier.grain + 1,
                        pair.later.seconds - pair.earlier.seconds + pair.later.grain - 1);
  }
  std::vector<std::size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return ranges[i].second - ranges[i].first; });
  Growth best;
  std::size_t most = 0;
  for (std::size_t seed = 0; seed < std::min(order.size(), kMostSeeds); ++seed) {
    Range common = ranges[order[seed]];
    common.first = std::max<std::int64_t>(common.first, 0);
    if (common.first > common.second) continue;
    std::vector<bool> fits(pairs.size());
    std::size_t count = 0;
    for (const std::size_t i : order) {
      if (!overlap(common, ranges[i])) continue;
      common = {std::max(common.first, ranges[i].first), std::min(common.second, ranges[i].second)};
      fits[i] = true;
      ++count;
    }
    if (count <= most) continue;
    most = count;
    best = {common.first, common.second, std::move(fits)};
  }
  if (most * 2 <= pairs.size()) return std::nullopt;
  return best;
}

std::string span_text(const Growth& growth) {
  const bool wide = growth.most > 2 * growth.least + 1;
  const std::int64_t seconds = wide ? growth.most : growth.least + (growth.most - growth.least) / 2;
  const auto told = [&](std::int64_t unit, char name) {
    return fmt::format("+{}{}{}", seconds / unit, name, wide ? " at most" : "");
  };
  if (seconds < 2 * kMinute) return told(1, 's');
  if (seconds < 2 * kHour) return told(kMinute, 'm');
  if (seconds < 2 * kDay) return told(kHour, 'h');
  return told(kDay, 'd');
}

}  // namespace headroom::context
