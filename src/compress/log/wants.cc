#include "compress/log/wants.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace headroom::compress::log {
namespace {

enum Hint : std::uint16_t {
  kHigh = 1,
  kLow = 2,
  kSizes = 4,
  kDates = 8,
  kSpans = 16,
  kFirst = 32,
  kLast = 64,
  kEmpty = 128,
  kExtreme = 256,
};

struct Row {
  std::string_view words;
  std::uint16_t hints;
};

constexpr std::array kRows = {
    Row{"largest biggest heaviest huge big", kHigh | kSizes | kExtreme},
    Row{"smallest tiniest lightest", kLow | kSizes | kExtreme},
    Row{"slowest longest slow latency", kHigh | kSpans | kExtreme},
    Row{"fastest shortest quickest", kLow | kSpans | kExtreme},
    Row{"highest most max maximum peak worst top busiest greatest hottest biggest", kHigh | kExtreme},
    Row{"lowest least min minimum fewest", kLow | kExtreme},
    Row{"spike outlier unusual anomaly extreme", kHigh | kLow | kExtreme},
    Row{"oldest earliest", kLow | kDates | kFirst | kLast | kExtreme},
    Row{"newest recent latest youngest recently", kHigh | kDates | kFirst | kLast | kExtreme},
    Row{"first begin began since", kFirst},
    Row{"last stop final finally", kLast},
    Row{"empty zero none nothing", kEmpty | kLow},
    Row{"size space disk bytes", kSizes},
    Row{"modified changed age", kDates},
};

constexpr std::array<std::string_view, 11> kNumbers = {"zero", "one",   "two",   "three", "four", "five",
                                                       "six",  "seven", "eight", "nine",  "ten"};

/// What titles call the things that people name otherwise.
struct Alias {
  std::string_view stem;
  std::string_view titles;  // lower case, separated by blanks
};

constexpr std::array kAliases = {
    Alias{"memory", "mem rss res size"},
    Alias{"processor", "cpu"},
    Alias{"full", "use used use% capacity iuse%"},
    Alias{"free", "avail available"},
    Alias{"restart", "restarts"},
    Alias{"swap", "si so swpd"},
    Alias{"waiting", "wa"},
    Alias{"idle", "id"},
    Alias{"load", "load r"},
};

}  // namespace

namespace {

bool asks_for_problem(std::string_view question) {
  static constexpr std::array<std::string_view, 24> kWords = {
      "wrong",   "fail",     "broke",     "error",     "problem", "crash",  "exception", "issue",
      "n't ",    "not work", "not start", "not come",  "not run", "cannot", "can not",   "unhealthy",
      "healthy", "is down",  "went down", "goes down", "is red",  "fehler", "kaputt",    "geht nicht"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return base::contains_ci(question, word); });
}

}  // namespace

Wants read_wants(std::string_view question) {
  Wants wants;
  std::uint16_t hints = 0;
  for (const std::string& word : base::words(question)) {
    for (const Row& row : kRows) {
      for (std::string_view rest = row.words; !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        if (base::stem(rest.substr(0, end)) == word) hints |= row.hints;
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    for (std::uint32_t n = 2; n < kNumbers.size(); ++n) {
      if (word == base::stem(kNumbers[n])) wants.top = n;
    }
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), n);
    if (error == std::errc() && end == word.data() + word.size() && n >= 2 && n <= 20) wants.top = n;
    if (!base::is_stop_word(word)) wants.stems.push_back(word);
  }
  wants.problem = asks_for_problem(question);
  wants.number = question.find("ow many ") != std::string_view::npos;
  wants.extreme = (hints & kExtreme) != 0;
  wants.first = (hints & kFirst) != 0;
  wants.last = (hints & kLast) != 0;
  wants.high = (hints & kHigh) != 0;
  wants.low = (hints & kLow) != 0;
  wants.size = (hints & kSizes) != 0;
  wants.date = (hints & kDates) != 0;
  wants.span = (hints & kSpans) != 0;
  wants.empty = (hints & kEmpty) != 0;
  if (!wants.extreme) wants.top = 0;
  return wants;
}

bool names_column(const Wants& wants, std::string_view title) {
  std::string name;
  for (char c : title) {
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') name += static_cast<char>(c | 0x20);
  }
  if (name.size() < 2) return false;
  for (const std::string& stem : wants.stems) {
    if (name.size() >= 3 && stem.size() >= 3 && (name.starts_with(stem) || stem.starts_with(name))) return true;
    for (const Alias& alias : kAliases) {
      if (base::stem(alias.stem) != stem) continue;
      for (std::string_view rest = alias.titles; !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == name) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }
  return false;
}

}  // namespace headroom::compress::log
