#include "compress/table/ask.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "compress/other_words.h"

namespace headroom::compress::table {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 16> kVerbs = {"list",    "show",  "print",     "give", "return", "output",
                                                     "dump",    "names", "enumerate", "name", "read",   "include",
                                                     "extract", "get",   "display",   "tell"};
constexpr std::array<std::string_view, 12> kRework = {"convert",   "translate", "reformat",  "transform",
                                                      "transpose", "review",    "proofread", "sort",
                                                      "rank",      "plot",      "chart",     "rewrite"};
constexpr std::array<std::string_view, 8> kAll = {"all",   "every", "each",     "entire",
                                                  "whole", "full",  "complete", "everything"};
constexpr std::array<std::string_view, 5> kWhich = {"which", "what", "who", "whose", "where"};
constexpr std::array<std::string_view, 38> kExtreme = {
    "largest",  "biggest",  "highest",   "most",     "max",   "maximum", "greatest", "longest",
    "slowest",  "heaviest", "top",       "worst",    "peak",  "newest",  "latest",   "recent",
    "busiest",  "smallest", "lowest",    "least",    "min",   "minimum", "fewest",   "shortest",
    "fastest",  "cheapest", "oldest",    "earliest", "best",  "first",   "last",     "outlier",
    "outliers", "anomaly",  "anomalies", "unusual",  "spike", "abnormal"};
constexpr std::array<std::string_view, 7> kSums = {"sum", "total", "average", "mean", "median", "avg", "overall"};
constexpr std::array<std::string_view, 8> kShares = {"percentage", "percent",      "ratio",     "proportion",
                                                     "share",      "distribution", "breakdown", "histogram"};
constexpr std::array<std::string_view, 7> kNot = {"not",    "without", "except",   "isn't",
                                                  "aren't", "doesn't", "excluding"};

constexpr std::array<std::string_view, 14> kLow = {"smallest", "lowest",   "least",    "min",      "minimum",
                                                   "fewest",   "shortest", "fastest",  "cheapest", "oldest",
                                                   "earliest", "first",    "lightest", "bottom"};
constexpr std::array<std::string_view, 6> kTime = {"oldest", "newest", "latest", "earliest", "recent", "youngest"};
constexpr std::array<std::string_view, 21> kNumbers = {
    "zero",     "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
constexpr std::array<std::string_view, 3> kOfOne = {"its", "his", "her"};
constexpr std::size_t kMostTop = 100;

/// "5" and "five" are 5; 0 for what is no number of that size.
std::size_t small_number(std::string_view word) {
  if (const auto found = std::ranges::find(kNumbers, word); found != kNumbers.end())
    return static_cast<std::size_t>(found - kNumbers.begin());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() && number <= kMostTop ? number : 0;
}

bool is_in(std::span<const std::string_view> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

Words words_of(std::string_view text) {
  Words out;
  std::string word;
  for (const char c : text.substr(0, 4000)) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if ((low >= 'a' && low <= 'z') || low == '\'' || (low >= '0' && low <= '9')) {
      word.push_back(low);
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

}  // namespace

Ask read_ask(std::string_view question) {
  Ask ask;
  const Words words = words_of(question);
  const auto at = [&](std::size_t i) { return i < words.size() ? std::string_view(words[i]) : std::string_view(); };
  bool verb = false, all = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const bool opens = i == 0 || is_in(kWhich, word);
    verb = verb || is_in(kVerbs, word);
    all = all || is_in(kAll, word);
    ask.rework = ask.rework || (is_in(kRework, word) && at(i + 1) != "of");
    ask.enumerates = ask.enumerates || is_in(kVerbs, word) || is_in(kAll, word) || is_in(kWhich, word);
    ask.extreme = ask.extreme || is_in(kExtreme, word);
    if (is_in(kExtreme, word) || word == "bottom") {
      // The oldest has the lowest date, but the highest age.
      const bool either = is_in(kTime, word);
      ask.low = ask.low || either || is_in(kLow, word);
      ask.high = ask.high || either || !is_in(kLow, word);
      // "top 5", "5 largest", "the five of them that are largest" is too far.
      const std::size_t number = std::max(small_number(at(i + 1)), i > 0 ? small_number(at(i - 1)) : 0);
      ask.top = std::max(ask.top, number);
    }
    // "Which is covered least, and how many of its lines are?" wants what the one row says.
    const bool of_one = ask.extreme && at(i + 2) == "of" && is_in(kOfOne, at(i + 3));
    ask.counts = ask.counts || (word == "how" && at(i + 1) == "many" && !of_one && !is_unit(at(i + 2))) ||
                 (word == "number" && at(i + 1) == "of") || word == "count" || word == "counts";
    ask.sums = ask.sums || is_in(kSums, word) || is_in(kShares, word) || (word == "how" && at(i + 1) == "much");
    ask.groups = ask.groups || word == "per" || word == "grouped" || (word == "for" && at(i + 1) == "each") ||
                 (word == "by" && i > 0 && !opens);
    ask.negates = ask.negates || is_in(kNot, word) || (word == "other" && at(i + 1) == "than");
    ask.open = ask.open || word == "why" || word == "how" || word == "happened" || word == "investigate" ||
               word == "summarize" || word == "summarise" || word == "summary" || word == "analyze" ||
               word == "analyse";
  }
  ask.everything = all && verb;
  return ask;
}

}  // namespace headroom::compress::table
