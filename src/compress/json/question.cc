#include "compress/json/question.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "compress/json/value_facts.h"
#include "compress/other_words.h"
#include "compress/phrases.h"

namespace headroom::compress::json {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c) || static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c + 32) : c;
}

enum class Form : std::uint8_t { kOther, kLower, kUpper, kDigit };

constexpr std::array<Form, 256> kForms = [] {
  std::array<Form, 256> forms{};
  for (std::size_t c = 0; c < forms.size(); ++c) {
    if ((c >= 'a' && c <= 'z') || c >= 0x80) forms[c] = Form::kLower;
    if (c >= 'A' && c <= 'Z') forms[c] = Form::kUpper;
    if (c >= '0' && c <= '9') forms[c] = Form::kDigit;
  }
  return forms;
}();

constexpr std::array<char, 256> kLower = [] {
  std::array<char, 256> low{};
  for (std::size_t c = 0; c < low.size(); ++c) low[c] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return low;
}();

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

/// Of a question, in bytes.
constexpr std::size_t kMostRead = 4000;

// The words with which questions describe. Kept short: structure (minima, maxima, rare values) is kept anyway; these
// only say which columns deserve more rows.
constexpr std::array<std::string_view, 34> kSuperlatives = {
    "largest",  "biggest",  "highest",  "most",   "max",     "maximum", "greatest", "longest",   "slowest",
    "heaviest", "top",      "worst",    "peak",   "newest",  "latest",  "recent",   "expensive", "busiest",
    "smallest", "lowest",   "least",    "min",    "minimum", "fewest",  "shortest", "fastest",   "cheapest",
    "oldest",   "earliest", "lightest", "second", "last",    "best",    "first"};
constexpr std::array<std::string_view, 10> kTimeWords = {"newest",   "latest", "recent", "recently", "oldest",
                                                         "earliest", "last",   "first",  "when",     "since"};
constexpr std::array<std::string_view, 20> kNegations = {
    "without", "no",    "not",     "missing", "lack",   "lacks", "lacking",    "empty", "null",  "none",
    "never",   "isn't", "doesn't", "outside", "except", "other", "unassigned", "but",   "unset", "anything"};
constexpr std::array<std::string_view, 9> kAbove = {"over",   "above", "than",   "exceeding", "exceeds",
                                                    "exceed", "least", "beyond", ">"};
constexpr std::array<std::string_view, 4> kBelow = {"under", "below", "<", "within"};
constexpr std::array<std::string_view, 5> kLess = {"less", "fewer", "lower", "smaller", "shorter"};

constexpr std::array<std::string_view, 21> kHigh = {
    "largest", "biggest", "highest",  "most",    "max",    "maximum",   "greatest",
    "longest", "slowest", "heaviest", "top",     "newest", "expensive", "latest",
    "recent",  "last",    "recently", "busiest", "peak",   "best",      "worst"};
constexpr std::array<std::string_view, 13> kLow = {"smallest", "lowest",   "least",   "min",    "minimum",
                                                   "fewest",   "shortest", "fastest", "oldest", "earliest",
                                                   "first",    "cheapest", "lightest"};
constexpr std::array<std::string_view, 13> kDeviations = {
    "default",    "defaults", "changed",    "differ", "differs", "different", "modified",
    "overridden", "override", "customized", "custom", "deviate", "mismatch"};

constexpr std::array<std::string_view, 3> kZero = {"zero", "no", "without"};
constexpr std::array<std::string_view, 14> kEmpty = {"no",    "without", "empty",   "null", "missing",
                                                     "none",  "never",   "lacking", "lack", "unassigned",
                                                     "unset", "blank",   "lacks",   "nil"};
constexpr std::array<std::string_view, 10> kDuration = {"longest",  "shortest", "slowest", "fastest", "duration",
                                                        "quickest", "took",     "elapsed", "long",    "runtime"};

/// Words that names of things use for one another. Every line is one meaning.
constexpr std::array<std::string_view, 22> kMeanings = {
    "slow duration latency elapsed time",
    "threshold limit min max minimum maximum",
    "size bytes length mem",
    "memory mem ram heap rss res",
    "processor cpu pcpu",
    "usage use used utilization utilisation",
    "available avail free",
    "program process command cmd comm",
    "age uptime elapsed created",
    "full use capacity",
    "directory dir folder path",
    "count number num total",
    "password passwd secret credential",
    "delete remove drop",
    "create add new",
    "address addr host ip",
    "configuration config conf settings",
    "message msg text",
    "authentication auth login",
    "timeout deadline expiry ttl",
    "enabled active on",
    "maximum max limit",
};

/// The first three bytes, 0 for those that there are not.
std::uint32_t prefix_key(std::string_view word) {
  std::uint32_t key = 0;
  for (std::size_t at = 0; at < 3; ++at) key = key << 8 | (at < word.size() ? static_cast<unsigned char>(word[at]) : 0);
  return key;
}

/// Same word up to endings: one is the beginning of the other and the rest is short, or long shared beginnings
/// ("auth" and "authentication").
bool alike(std::string_view word, std::string_view stem) {
  if (stem.ends_with('y') && word.starts_with(stem.substr(0, stem.size() - 1)) &&
      (word.substr(stem.size() - 1) == "ies" || word.substr(stem.size() - 1) == "ied"))
    return true;
  if (word.size() < stem.size()) return word.size() >= 4 && stem.starts_with(word);
  return word.starts_with(stem) &&
         (word.size() == stem.size() || (stem.size() >= 3 && word.size() - stem.size() <= 4) || stem.size() >= 6);
}

/// Pieces of the text that are not broken by white space, with sentence punctuation cut off their ends.
std::vector<std::string_view> pieces(std::string_view text) {
  static constexpr std::string_view kBreaks = " \t\r\n,;?!()[]{}<>\"'`=|";
  std::vector<std::string_view> out;
  std::size_t at = 0;
  while (at < text.size()) {
    at = text.find_first_not_of(kBreaks, at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(kBreaks, at), text.size());
    std::string_view piece = text.substr(at, end - at);
    while (!piece.empty() && std::string_view(".:-").find(piece.back()) != std::string_view::npos)
      piece.remove_suffix(1);
    if (!piece.empty()) out.push_back(piece);
    at = end;
  }
  return out;
}

/// Ids, paths, addresses, versions, names_with_parts.
bool is_specific(std::string_view piece) {
  if (piece.size() < 2) return false;
  const bool digit = std::ranges::any_of(piece, is_digit);
  const bool joined = piece.find_first_of("/_.:@#-", 1) < piece.size() - 1;
  if (digit) return piece.size() >= 3 || !std::ranges::all_of(piece, is_digit);
  return joined && piece.find_first_of("/_.:@#") != std::string_view::npos;
}

}  // namespace

Question::Question(const Query& query) : said_(query.user.substr(0, kMostRead)) {
  std::ranges::transform(said_, said_.begin(), lower);
  phrases_ = phrases_of(query.user);
  add_words(query.user, 3, true);
  for (std::string& word : other_words(query.user)) {
    if (terms_.size() >= kMaxTerms || std::ranges::find(terms_, word, &Term::stem) != terms_.end()) continue;
    user_terms_ |= 1ULL << terms_.size();
    terms_.push_back({std::move(word), 1.5});
  }
  add_words(query.intent, 1, false);
  add_words(query.tool_arguments, 0.5, false);
  add_literals(query.user);
  add_synonyms(query.user);
  read_hints(query.user);
  for (std::uint32_t at = 0; at < terms_.size(); ++at) {
    const std::uint32_t key = prefix_key(terms_[at].stem);
    by_prefix_[key].push_back(at);
    if (terms_[at].stem.size() >= 2) starts_.add(terms_[at].stem[0], terms_[at].stem[1], kTermStarts);
  }
}

bool Question::says(std::string_view text) const {
  if (text.empty() || text.size() > said_.size()) return false;
  const auto word = [](char x) { return is_letter(x) || is_digit(x); };
  const auto same = [](char said, char x) { return said == lower(x); };
  auto from = said_.begin();
  for (;;) {
    const auto at = std::search(from, said_.end(), text.begin(), text.end(), same);
    if (at == said_.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(text.size());
    const bool before = at != said_.begin() && word(at[-1]) && word(text.front());
    const bool behind = end != said_.end() && word(*end) && word(text.back());
    if (!before && !behind) return true;
    from = at + 1;
  }
}

void Question::add_words(std::string_view text, double weight, bool user) {
  for (std::string& word : base::words(text.substr(0, kMostRead))) {
    if (terms_.size() >= kMaxTerms) return;
    if (word.size() < 2 || base::is_stop_word(word) || contains(kSuperlatives, word) || contains(kNegations, word))
      continue;
    if (std::ranges::find(terms_, word, &Term::stem) != terms_.end()) continue;
    if (user) user_terms_ |= 1ULL << terms_.size();
    terms_.push_back({std::move(word), weight});
  }
}

void Question::add_literals(std::string_view text) {
  const auto add = [&](std::string_view literal) {
    if (literals_.size() < 24 && std::ranges::find(literals_, literal) == literals_.end())
      literals_.emplace_back(literal);
  };
  text = text.substr(0, 4000);
  for (const char quote : {'"', '`', '\''}) {
    for (std::size_t at = text.find(quote); at != std::string_view::npos; at = text.find(quote, at)) {
      const std::size_t end = text.find(quote, at + 1);
      if (end == std::string_view::npos) break;
      const std::string_view inside = text.substr(at + 1, end - at - 1);
      const bool opens = at == 0 || !is_letter(text[at - 1]);  // not the apostrophe of "don't"
      if (opens && inside.size() >= 2 && inside.size() <= 80) add(inside);
      at = opens ? end + 1 : at + 1;
    }
  }
  for (std::string_view piece : pieces(text)) {
    if (is_specific(piece)) add(piece);
  }
}

void Question::add_synonyms(std::string_view text) {
  static const std::vector<std::vector<std::string>> kStems = [] {
    std::vector<std::vector<std::string>> stems;
    for (std::string_view meaning : kMeanings) stems.push_back(base::words(meaning));
    return stems;
  }();
  const std::vector<std::string> words = base::words(text.substr(0, kMostRead));
  for (const std::vector<std::string>& same : kStems) {
    for (const std::string& word : words) {
      if (std::ranges::find(same, word) == same.end()) continue;
      const auto term = std::ranges::find(terms_, word, &Term::stem);
      if (term == terms_.end()) continue;
      for (const std::string& other : same) {
        if (other == word) continue;
        synonyms_.emplace_back(other, static_cast<std::uint32_t>(term - terms_.begin()));
        starts_.add(other[0], other[1], kSynonymStarts);
      }
    }
  }
}

Question::Described Question::describes(std::string_view name) const {
  const LetterPairs::Sets starts = starts_.sets_in(name);
  return describes(name, match(name, starts), starts);
}

Question::Described Question::describes(std::string_view name, std::uint64_t matched, LetterPairs::Sets starts) const {
  Described out{.words = user_words_of(matched)};
  if ((starts & kSynonymStarts) == 0) return out;
  const std::vector<std::string> words = base::words(name);
  for (const auto& [stem, term] : synonyms_) {
    if (std::ranges::find(words, stem) != words.end()) out.synonyms |= 1ULL << term;
  }
  return out;
}

void Question::read_hints(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view piece : pieces(text.substr(0, 4000))) {
    std::string word(piece);
    std::ranges::transform(word, word.begin(), lower);
    words.push_back(std::move(word));
  }
  read_dates(words);
  for (std::size_t at = 0; at < words.size(); ++at) {
    superlative_ = superlative_ || contains(kSuperlatives, words[at]);
    wants_time_ = wants_time_ || contains(kTimeWords, words[at]);
    negation_ = negation_ || contains(kNegations, words[at]);
    const std::string& word = words[at];
    orders_.high = orders_.high || contains(kHigh, word);
    orders_.low = orders_.low || contains(kLow, word);
    orders_.length = orders_.length || word == "longest" || word == "shortest";
    orders_.time = orders_.time || contains(kTimeWords, word);
    orders_.alphabet = orders_.alphabet || word.starts_with("alphabetic") || word.starts_with("lexic");
    orders_.version = orders_.version || word.starts_with("version") || word.starts_with("release") || word == "tag";
    deviation_ = deviation_ || contains(kDeviations, word) || word.starts_with("non-default");
    read_condition(word);
    double value = 0;
    if (at == 0 || !is_digit(word.front())) continue;
    if (std::from_chars(word.data(), word.data() + word.size(), value).ec != std::errc()) continue;
    const bool above = contains(kAbove, words[at - 1]);
    const bool below = contains(kBelow, words[at - 1]);
    const bool less = at >= 2 && words[at - 1] == "than" && contains(kLess, words[at - 2]);
    if (above || below) {
      bounds_.push_back({value, above && !less});
    } else if (word.size() <= 20) {
      conditions_.numbers.push_back(word);
    }
  }
}

void Question::read_dates(const std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 5> kBefore = {"before", "until", "till", "by", "than"};
  static constexpr std::array<std::string_view, 4> kSince = {"after", "since", "from", "than"};
  static constexpr std::array<std::string_view, 4> kEarlier = {"older", "earlier", "less", "sooner"};
  static constexpr std::array<std::string_view, 3> kLate = {"overdue", "expired", "lapsed"};
  bool late = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    late = late || contains(kLate, words[at]) || (words[at] == "due" && at > 0 && words[at - 1] == "past");
  }
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto date = time_of(words[at]);
    if (!date) continue;
    const std::string_view before = at > 0 ? std::string_view(words[at - 1]) : std::string_view();
    const bool earlier = at > 1 && contains(kEarlier, words[at - 2]);
    if (before == "than" ? earlier : contains(kBefore, before)) {
      dates_.push_back({*date, false, false});
    } else if (contains(kSince, before)) {
      dates_.push_back({*date, true, false});
    } else if (late) {
      dates_.push_back({*date, false, true});
    }
  }
}

void Question::read_condition(std::string_view word) {
  conditions_.zero = conditions_.zero || contains(kZero, word);
  conditions_.empty = conditions_.empty || contains(kEmpty, word);
  conditions_.duration = conditions_.duration || contains(kDuration, word);
  conditions_.duplicates = conditions_.duplicates || word.starts_with("duplicat") || word == "twice";
}

std::uint64_t Question::match_words(std::string_view text) const {
  std::uint64_t mask = 0;
  std::array<char, 48> word{};
  const auto low = [&](std::size_t at) { return kLower[static_cast<unsigned char>(text[at])]; };
  const auto look_at = [&](std::size_t begin, std::size_t end) {
    const std::size_t size = std::min(end - begin, word.size());
    if (size < 2 || !starts_.has(text[begin], text[begin + 1])) return;
    const std::uint32_t third = size > 2 ? static_cast<unsigned char>(low(begin + 2)) : 0;
    const std::uint32_t key = static_cast<std::uint32_t>(static_cast<unsigned char>(low(begin))) << 16 |
                              static_cast<std::uint32_t>(static_cast<unsigned char>(low(begin + 1))) << 8 | third;
    const auto found = by_prefix_.find(key);
    if (found == by_prefix_.end()) return;
    for (std::size_t i = 0; i < size; ++i) word[i] = low(begin + i);
    const std::string_view view(word.data(), size);
    for (std::uint32_t term : found->second) {
      if (alike(view, terms_[term].stem)) mask |= 1ULL << term;
    }
  };
  const auto look = [&](std::size_t begin, std::size_t end) {
    look_at(begin, end);
    // A library is called by what follows "lib".
    if (end - begin >= 5 && low(begin) == 'l' && low(begin + 1) == 'i' && low(begin + 2) == 'b')
      look_at(begin + 3, end);
  };
  const auto form = [&](std::size_t at) { return kForms[static_cast<unsigned char>(text[at])]; };
  std::size_t at = 0;
  while (at < text.size()) {
    if (form(at) == Form::kOther) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    std::size_t part = at;
    bool split = false;
    Form last = form(at);
    for (++at; at < text.size(); ++at) {
      const Form here = form(at);
      if (here == Form::kOther) break;
      const Form before = std::exchange(last, here);
      if (here == before && here != Form::kUpper) continue;
      const bool hump = here == Form::kUpper && before != Form::kUpper;
      const bool last_capital =
          here == Form::kUpper && before == Form::kUpper && at + 1 < text.size() && form(at + 1) == Form::kLower;
      if (!hump && !last_capital && (here == Form::kDigit) == (before == Form::kDigit)) continue;
      look(part, at);
      part = at;
      split = true;
    }
    look(part, at);
    if (split) look(begin, at);
  }
  return mask;
}

}  // namespace headroom::compress::json
