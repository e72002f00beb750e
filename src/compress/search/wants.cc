#include "compress/search/wants.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "compress/other_words.h"

namespace headroom::compress::search {
namespace {

/// Lower-case words of letters, apostrophes and hyphens; "." where a sentence ends.
std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    std::string word;
    while (at < text.size()) {
      const char c = text[at];
      const bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      if (!letter && c != '\'' && c != '-') break;
      word.push_back(static_cast<char>(letter ? c | 0x20 : c));
      ++at;
    }
    if (!word.empty()) {
      out.push_back(std::move(word));
      continue;
    }
    if ((text[at] == '.' || text[at] == ',' || text[at] == ';' || text[at] == '?' || text[at] == '\n' ||
         text[at] == ':') &&
        (out.empty() || out.back() != "."))
      out.emplace_back(".");
    ++at;
  }
  return out;
}

template <std::size_t N>
bool in(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

}  // namespace

bool wants_all(std::string_view question, std::string_view pattern) {
  static constexpr std::array<std::string_view, 10> kAll = {"all",        "every",    "each", "everywhere", "enumerate",
                                                            "exhaustive", "complete", "full", "audit",      "tally"};
  // An edit of a name touches each of its uses.
  static constexpr std::array<std::string_view, 7> kEdits = {"rename",  "renaming",   "migrate",  "refactor",
                                                             "replace", "substitute", "migrating"};
  // "list the", "count how": orders, at the begin of a sentence or after "please", "and", "then", "me".
  static constexpr std::array<std::string_view, 2> kOrders = {"list", "count"};
  static constexpr std::array<std::string_view, 9> kBefore = {".",   "please", "and", "then", "to",
                                                              "you", "just",   "me",  "also"};
  static constexpr std::array<std::string_view, 34> kFinds = {
      "hit",        "hits",        "line",       "lines",    "place",     "places",   "caller",
      "callers",    "usage",       "usages",     "use",      "uses",      "call",     "calls",
      "occurrence", "occurrences", "file",       "files",    "match",     "matches",  "instance",
      "instances",  "reference",   "references", "function", "functions", "location", "locations",
      "tree",       "path",        "paths",      "list",     "todos",     "imports"};
  static constexpr std::size_t kLongQuestion = 300;  // bytes
  static constexpr std::array<std::string_view, 6> kNot = {"at", "after", "first", "above", "of", "for"};
  const std::vector<std::string> words = plain_words(question.substr(0, 4000));
  const std::vector<std::string> searched = plain_words(pattern);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const std::string_view before = i == 0 ? std::string_view(".") : std::string_view(words[i - 1]);
    const std::string_view after = i + 1 < words.size() ? std::string_view(words[i + 1]) : std::string_view(".");
    if (word == "many" && before == "how" && !is_unit(after)) return true;
    if (word == "number" && after == "of") return true;
    if (in(kOrders, word) && in(kBefore, before)) return true;
    if (in(kEdits, word)) return true;
    // "at all", "first of all", "after all" ask for nothing.
    if (word == "all" && in(kNot, before) && (after == "." || before == "of")) continue;
    if (!in(kAll, word)) continue;
    // A long request says "all" of other things, too; and so does "full" or "each" of most.
    const bool loose = word == "each" || word == "full" || word == "complete";
    if (!loose && question.size() <= kLongQuestion) return true;
    for (std::size_t k = i + 1; k < words.size() && k <= i + 4 && words[k] != "."; ++k) {
      if (in(kFinds, words[k]) || std::ranges::find(searched, words[k]) != searched.end()) return true;
    }
  }
  return false;
}

bool wants_figure(std::string_view question) {
  static constexpr std::array<std::string_view, 6> kSizes = {"long", "much", "large", "big", "often", "high"};
  const std::vector<std::string> words = plain_words(question.substr(0, 4000));
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i - 1] != "how") continue;
    if (in(kSizes, words[i])) return true;
    if (words[i] == "many" && i + 1 < words.size() && is_unit(words[i + 1])) return true;
  }
  return false;
}

bool wants_set(std::string_view question) {
  static constexpr std::array<std::string_view, 14> kSets = {
      "callers",   "usages",    "references", "occurrences", "callsites", "consumers", "importers",
      "instances", "locations", "dependents", "call-sites",  "users",     "places",    "mentions"};
  static constexpr std::array<std::string_view, 12> kUses = {"calls",   "uses",    "call",    "use",
                                                             "using",   "imports", "import",  "references",
                                                             "depends", "depend",  "invokes", "consumes"};
  static constexpr std::array<std::string_view, 5> kPlural = {"files", "modules", "places", "packages", "tests"};
  const std::vector<std::string> words = plain_words(question.substr(0, 4000));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view next = i + 1 < words.size() ? std::string_view(words[i + 1]) : std::string_view();
    if (in(kSets, words[i]) || (words[i] == "call" && next == "sites")) return true;
    if (words[i] == "who" && in(kUses, next)) return true;
    if ((words[i] == "which" || words[i] == "what") && in(kPlural, next)) return true;
    if (words[i] == "where" && next == "are") return true;
    if (words[i] == "used" && i >= 2 && (words[i - 1] == "is" || words[i - 2] == "is" || words[i - 1] == "it"))
      return true;
  }
  return false;
}

std::vector<std::string> lacked(std::string_view question) {
  static constexpr std::array<std::string_view, 9> kLack = {"without", "missing", "lack",     "lacks",  "lacking",
                                                            "omit",    "omits",   "omitting", "forgets"};
  static constexpr std::array<std::string_view, 10> kNot = {"not",   "don't",  "doesn't", "isn't",  "aren't",
                                                            "never", "didn't", "no",      "hasn't", "haven't"};
  static constexpr std::array<std::string_view, 27> kVerbs = {
      "pass",   "passes", "passing", "set",     "sets",     "setting",  "specify",  "specifies", "specifying",
      "use",    "uses",   "using",   "have",    "provide",  "provides", "handle",   "handles",   "check",
      "checks", "give",   "gives",   "include", "includes", "contain",  "contains", "define",    "mention"};
  const std::vector<std::string> words = plain_words(question.substr(0, 4000));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool verb = i + 1 < words.size() && in(kVerbs, words[i + 1]);
    if (!in(kLack, words[i]) && !(in(kNot, words[i]) && verb)) continue;
    for (std::size_t k = i + 1; k < words.size() && k <= i + 5 && words[k] != "."; ++k) {
      if (in(kVerbs, words[k]) || base::is_stop_word(words[k])) continue;
      out.push_back(base::stem(words[k]));
    }
  }
  return out;
}

bool leaves_out_tests(std::string_view question) {
  static constexpr std::array<std::string_view, 13> kOut = {"not",      "except", "excluding", "outside",  "ignore",
                                                            "ignoring", "skip",   "besides",   "skipping", "than",
                                                            "exclude",  "apart",  "leaving"};
  static constexpr std::array<std::string_view, 13> kBetween = {"the", "our", "any", "its",  "their",    "in",  "from",
                                                                "of",  "for", "out", "unit", "counting", "just"};
  const std::vector<std::string> words = plain_words(question.substr(0, 4000));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "non-test" || word == "non-tests") return true;
    if (word == "production" && i + 1 < words.size() && words[i + 1] == "code") return true;
    if (word != "test" && word != "tests" && word != "specs") continue;
    std::size_t at = i;
    while (at > 0 && in(kBetween, words[at - 1])) --at;
    if (at > 0 && in(kOut, words[at - 1])) return true;
  }
  return false;
}

std::string_view limited_to(std::string_view question) {
  static constexpr std::array<std::string_view, 6> kWithin = {"in ", "under ", "inside ", "within ", "from ", "below "};
  for (std::string_view word : kWithin) {
    for (std::size_t at = question.find(word); at != std::string_view::npos; at = question.find(word, at + 1)) {
      if (at > 0 && question[at - 1] != ' ') continue;
      std::size_t begin = at + word.size();
      for (std::string_view skip : {"the ", "`", "\"", "'"}) {
        if (question.substr(begin).starts_with(skip)) begin += skip.size();
      }
      std::size_t end = question.find_first_of(" \t\n,;?!`\"'()", begin);
      if (end == std::string_view::npos) end = question.size();
      while (end > begin && (question[end - 1] == '.' || question[end - 1] == ':')) --end;
      const std::string_view path = question.substr(begin, end - begin);
      const std::size_t dot = path.rfind('.');
      const bool file = dot != std::string_view::npos && dot > 0 && path.size() - dot <= 6;
      if (path.size() >= 3 && (path.find('/') != std::string_view::npos || file)) return path;
    }
  }
  return {};
}

}  // namespace headroom::compress::search
