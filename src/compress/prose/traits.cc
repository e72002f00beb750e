#include "compress/prose/traits.h"

#include <array>
#include <cstddef>
#include <span>

namespace headroom::compress::prose {
namespace {

struct WordList {
  std::uint32_t traits;
  std::span<const std::string_view> words;
};

constexpr std::array<std::string_view, 34> kNegations = {"not",
                                                         "never",
                                                         "no",
                                                         "none",
                                                         "cannot",
                                                         "can't",
                                                         "don't",
                                                         "doesn't",
                                                         "won't",
                                                         "isn't",
                                                         "without",
                                                         "neither",
                                                         "nor",
                                                         "unable",
                                                         "aren't",
                                                         "nicht",
                                                         "kein",
                                                         "keine",
                                                         "niemals",
                                                         "ne",
                                                         "pas",
                                                         "jamais",
                                                         "sans",
                                                         "nunca",
                                                         "sin",
                                                         "non",
                                                         "mai",
                                                         "\xD0\xBD\xD0\xB5",
                                                         "\xD0\xBD\xD0\xB5\xD1\x82",
                                                         "nie",
                                                         "niet",
                                                         "geen",
                                                         "ohne",
                                                         "didn't"};
constexpr std::array<std::string_view, 22> kModals = {
    "must",   "shall",       "should",     "required",  "requires", "require",   "only",       "mandatory",
    "always", "recommended", "prohibited", "forbidden", "allowed",  "permitted", "obligatory", "muss",
    "doit",   "debe",        "deve",       "darf",      "soll",     "needs"};
constexpr std::array<std::string_view, 16> kConditions = {
    "if",    "unless", "except", "otherwise", "provided",  "whenever", "until", "wenn",
    "falls", "si",     "sauf",   "sinon",     "excluding", "instead",  "but",   "however"};
constexpr std::array<std::string_view, 26> kWarnings = {
    "warning",       "caution",         "danger",       "dangerous",    "deprecated", "obsolete", "unsafe",
    "insecure",      "breaking",        "removed",      "broken",       "vulnerable", "achtung",  "warnung",
    "attention",     "atenci\xC3\xB3n", "warn",         "irreversible", "security",   "critical", "fatal",
    "vulnerability", "unsupported",     "incompatible", "corrupt",      "fails"};
constexpr std::array<std::string_view, 20> kNotes = {
    "note",       "important",   "caveat",       "limitation", "limitations", "beware", "hinweis",
    "wichtig",    "remarque",    "nota",         "tip",        "exception",   "gotcha", "caveats",
    "workaround", "restriction", "restrictions", "known",      "notable",     "nb"};
constexpr std::array<std::string_view, 14> kDefinitions = {
    "means",  "default", "defaults", "defined",      "denotes",  "called",   "named",
    "refers", "stands",  "known",    "abbreviation", "bedeutet", "signifie", "default's"};
constexpr std::array<std::string_view, 42> kTimes = {
    "second",   "seconds",     "sec",          "secs",         "minute",      "minutes",  "min",     "mins",    "hour",
    "hours",    "day",         "days",         "week",         "weeks",       "month",    "months",  "year",    "years",
    "ms",       "millisecond", "milliseconds", "microseconds", "nanoseconds", "ns",       "us",      "hz",      "daily",
    "weekly",   "monthly",     "yearly",       "hourly",       "annually",    "sekunden", "minuten", "stunden", "tage",
    "secondes", "heures",      "jours",        "segundos",     "minutos",     "dias"};
constexpr std::array<std::string_view, 52> kUnits = {
    "kb",        "mb",    "gb",      "tb",    "kib",        "mib",         "gib",        "byte",      "bytes",
    "bit",       "bits",  "percent", "px",    "mm",         "cm",          "km",         "kg",        "m",
    "ft",        "feet",  "miles",   "mile",  "meters",     "metres",      "inches",     "kilobytes", "megabytes",
    "gigabytes", "cores", "threads", "times", "requests",   "connections", "characters", "chars",     "lines",
    "items",     "rows",  "files",   "pages", "people",     "users",       "degrees",    "celsius",   "watts",
    "volts",     "dpi",   "fps",     "rpm",   "kilometers", "kilometres",  "entries"};
constexpr std::array<std::string_view, 23> kMonths = {"january", "february",  "march",   "april",    "june",     "july",
                                                      "august",  "september", "october", "november", "december", "jan",
                                                      "feb",     "apr",       "jun",     "jul",      "aug",      "sep",
                                                      "oct",     "nov",       "dec",     "januar",   "februar"};
constexpr std::array<std::string_view, 8> kMoneys = {"usd",  "eur",   "dollar",  "dollars",
                                                     "euro", "euros", "percent", "cents"};
constexpr std::array<std::string_view, 16> kReasons = {"because", "since",  "therefore", "reason",  "reasons",  "avoid",
                                                       "avoids",  "due",    "so",        "prevent", "prevents", "cause",
                                                       "causes",  "caused", "weil",      "ensure"};
constexpr std::array<std::string_view, 24> kNumberWords = {
    "one",      "two",     "three",   "four",   "five",   "six",   "seven", "eight",
    "nine",     "ten",     "eleven",  "twelve", "dozen",  "half",  "twice", "hundred",
    "thousand", "million", "billion", "twenty", "thirty", "fifty", "first", "once"};

constexpr std::array<WordList, 12> kLists = {{{kNegation, kNegations},
                                              {kModal, kModals},
                                              {kCondition, kConditions},
                                              {kWarning, kWarnings},
                                              {kNote, kNotes},
                                              {kDefinition, kDefinitions},
                                              {kUnit | kTime, kTimes},
                                              {kUnit, kUnits},
                                              {kDate, kMonths},
                                              {kMoney, kMoneys},
                                              {kReason, kReasons},
                                              {kNumber, kNumberWords}}};

constexpr std::size_t kWords = [] {
  std::size_t count = 0;
  for (const WordList& list : kLists) count += list.words.size();
  return count;
}();

/// All of the lists' words by their first byte.
struct Index {
  struct Entry {
    std::string_view word;
    std::uint32_t traits = 0;
  };
  std::array<Entry, kWords> entries{};
  std::array<std::uint16_t, 257> begin{};  ///< of the words with this first byte, and the end of those before
};

/// In few steps, as compilers bound them.
constexpr Index kIndex = [] {
  const auto first_of = [](std::string_view word) { return static_cast<unsigned char>(word.front()); };
  Index index;
  for (const WordList& list : kLists) {
    for (const std::string_view word : list.words) ++index.begin[first_of(word) + 1U];
  }
  for (std::size_t first = 1; first < index.begin.size(); ++first) index.begin[first] += index.begin[first - 1];
  auto next = index.begin;
  for (const WordList& list : kLists) {
    for (const std::string_view word : list.words) index.entries[next[first_of(word)]++] = {word, list.traits};
  }
  return index;
}();

}  // namespace

std::uint32_t traits_of_word(std::string_view word) {
  if (word.empty()) return 0;
  const auto first = static_cast<unsigned char>(word.front());
  std::uint32_t traits = 0;
  for (std::size_t at = kIndex.begin[first]; at < kIndex.begin[first + 1U]; ++at) {
    if (kIndex.entries[at].word == word) traits |= kIndex.entries[at].traits;
  }
  return traits;
}

std::string_view trait_name(std::uint32_t bit) {
  switch (bit) {
    case kNegation:
      return "says not";
    case kModal:
      return "says must";
    case kCondition:
      return "a condition";
    case kWarning:
      return "a warning";
    case kDefinition:
      return "a definition";
    case kUnit:
      return "a measure";
    case kDate:
      return "a date";
    case kVersion:
      return "a version";
    case kPath:
      return "a path or URL";
    case kCode:
      return "code";
    case kNote:
      return "a note";
    default:
      return {};
  }
}

}  // namespace headroom::compress::prose
