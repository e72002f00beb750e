#include "compress/config/asked_settings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/text.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kQuestionRead = 2000;  // bytes
constexpr std::size_t kMostWords = 24;       // of a question that can be answered by a few settings
constexpr std::size_t kShortestPart = 4;     // bytes of a word that may stand within another
constexpr std::size_t kFew = 12;             // settings that a word may name
constexpr std::size_t kFewOf = 12;           // ... or one in so many
constexpr std::size_t kMost = 40;            // ... and never more
constexpr std::size_t kVagueNames = 8;       // settings that a vague word may name beside others
constexpr std::size_t kFewValues = 8;        // settings that a word in their values names

constexpr float kExact = 3;
constexpr float kWhole = 1;
constexpr float kPart = 0.75F;
constexpr float kNearBest = 0.7F;  // of the best score that a word has part in

/// Words with which people ask about settings, whichever they are. They name none.
constexpr std::string_view kGeneral =
    "set setting settings value values config configs configuration configured configure option options variable "
    "variables parameter parameters flag flags property properties current currently default defaults use used using "
    "uses want know thing things kind much large big high low small old new often far long wide again really actually "
    "effect anything something nothing yes enabled enable disabled disable turned turn allowed allow may might way "
    "right "
    "wrong changed change different question say said contain contains keep keeps kept come same only ever already "
    "mean "
    "means sure think look looks happen happens ok okay fine go going goes whatever defined specified given listed not "
    "without take takes point points outside many apply applies work works working whole "
    "entire overall together being";

/// Words that are said with others to name a setting, and seldom alone. They name one where their part of the question
/// has no other word.
constexpr std::string_view kVague =
    "key keys system machine box check effect active run running file output command first number level levels type "
    "types print printed size name names";

/// What people say, and what settings call it, parted by a colon.
constexpr std::array<std::string_view, 63> kNames = {
    "header headers:include inc",
    "library libraries:lib libs ld",
    "directory directories folder:dir dirs path home root prefix",
    "install installed installation:prefix home root destdir",
    "memory ram:mem rss heap memory",
    "core cores processor processors cpu cpus:cpu core processor nproc nprocessors",
    "maximum most limit limits largest longest biggest highest cap ceiling:max limit maximum",
    "tls ssl https:ssl tls https",
    "verification verified verify verifies:verify verification",
    "garbage:gc",
    "opened open:open",
    "minimum least smallest shortest:min minimum",
    "number count:num count nr total",
    "network:net ip",
    "address addresses:addr ip host",
    "password passwords:passwd pass password",
    "certificate certificates:cert ssl tls",
    "retry retries tries tried try attempt attempts:retry retries attempts",
    "wait waits waiting delay:timeout wait delay interval",
    "keepalive keepalives heartbeat:alive heartbeat",
    "logs logging:log logging",
    "compiler compilers:cc gcc cxx clang compiler",
    "linker:ld linker",
    "built build:build built",
    "threaded threads:thread threads",
    "month months:mon month",
    "weekday:day wday",
    "scrollback:history",
    "collector:gc",
    "collection:gc",
    "language:lang locale",
    "encoding:charset codeset encoding",
    "zone timezone:tz timezone",
    "temporary:tmp temp",
    "database databases:db database",
    "snapshot snapshots backup:save dump backup",
    "resident:rss",
    "expire expires expiry:expire ttl lifetime expiry",
    "connect connects connection connections:conn connections connection",
    "email mails:mail smtp",
    "upload uploads:upload body",
    "module modules:mod module modules",
    "package packages:pkg package packages",
    "version versions:version ver release",
    "error errors:err error",
    "file files:nofile file",
    "source sources:src source",
    "executable binary binaries program programs:bin exe executable",
    "parallel concurrency concurrent:concurrency jobs workers threads parallel",
    "architecture:arch machine",
    "second seconds:sec seconds",
    "size large big:size bytes",
    "user users:user users uid",
    "interpreter:python interpreter",
    "optimisation optimization:opt optimize",
    "mask:umask mask",
    "hugepage hugepages:huge hugepages",
    "pool pools:pool",
    "endpoint service:endpoint url uri host",
    "url:url uri endpoint",
    "editor:editor visual",
    "secret secrets credentials:secret token password key",
    "who:user users group owner"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> out;
  for (std::size_t from = text.find_first_not_of(at); from < text.size();) {
    const std::size_t end = std::min(text.find_first_of(at, from), text.size());
    out.push_back(text.substr(from, end - from));
    from = text.find_first_not_of(at, end);
  }
  return out;
}

/// What a noun and its verb have in common: "vectoriz" of "vectorization"; of "retry" and "retries" what is before the
/// ending. "pag" of "page" stands in too many words, so that has its "e" again.
std::string root_of(std::string stem, std::string_view word) {
  static constexpr std::size_t kShortest = 5;
  for (std::string_view ending : {"ation", "ion"}) {
    if (stem.size() >= ending.size() + kShortest && stem.ends_with(ending)) {
      stem.resize(stem.size() - ending.size());
      return stem;
    }
  }
  // "vectoriser"
  const std::size_t is = stem.rfind("is");
  if (is != std::string::npos && is >= kShortest && stem.size() - is <= 4) stem.resize(is);
  if (stem.size() >= kShortest && (stem.ends_with('y') || stem.ends_with('i'))) stem.pop_back();
  if (stem.size() < kShortestPart && word.starts_with(stem + 'e')) stem += 'e';
  return stem;
}

std::string root_of(std::string_view word) {
  return root_of(base::stem(word), word);
}

std::unordered_set<std::string> stems_of(std::string_view words) {
  std::unordered_set<std::string> stems;
  for (std::string_view word : split(words, " ")) stems.insert(root_of(word));
  return stems;
}

bool is_general(const std::string& stem) {
  static const std::unordered_set<std::string> kStems = stems_of(kGeneral);
  return base::is_stop_word(stem) || kStems.contains(stem);
}

bool is_vague(const std::string& stem) {
  static const std::unordered_set<std::string> kStems = stems_of(kVague);
  return kStems.contains(stem);
}

struct Meaning {
  std::vector<std::string> said, called;  ///< stems
};

const std::vector<Meaning>& meanings() {
  static const std::vector<Meaning> kMeanings = [] {
    std::vector<Meaning> out;
    for (std::string_view row : kNames) {
      const std::size_t colon = row.find(':');
      Meaning& meaning = out.emplace_back();
      for (std::string_view word : split(row.substr(0, colon), " ")) meaning.said.push_back(root_of(word));
      for (std::string_view word : split(row.substr(colon + 1), " ")) meaning.called.push_back(root_of(word));
    }
    return out;
  }();
  return kMeanings;
}

/// Words of who wants to see it all.
constexpr std::string_view kOverview = "look review summarize summarise summary overview understand explain describe";

/// Words for trouble, which settings tell by their values.
constexpr std::string_view kTrouble =
    "fail fails failed failing failure die dies died dying dead crash crashes crashed crashing kill kills killed "
    "restart "
    "restarts restarting restarted broken break breaks error errors problem problems trouble down stopped stops "
    "degraded "
    "unhealthy wrong";

/// What switches are set to, and what a question calls that.
constexpr std::string_view kOnWords = "on enabled enable active true yes";
constexpr std::string_view kOffWords = "off disabled disable inactive false";
constexpr std::string_view kOnValues = "on enabled true yes 1 active define y";
constexpr std::string_view kOffValues = "off disabled false no 0 inactive undef n none";

bool has_any(std::span<const std::string_view> words, std::string_view list) {
  return std::ranges::any_of(split(list, " "),
                             [&](std::string_view each) { return std::ranges::find(words, each) != words.end(); });
}

/// A setting whose key has a word.
struct Hit {
  std::uint32_t setting = 0;
  float strength = 0;
};

/// A word of the question: what to look for, and what was found.
struct Word {
  std::string raw;                  ///< in lower case
  std::size_t clause = 0;           ///< words of one clause are about the same settings
  bool name = false;                ///< written as no word is: capitals, marks, digits
  std::vector<std::string> stems;   ///< its parts
  std::vector<std::string> called;  ///< stems of other words for it
  bool general = false;             ///< it names no setting
  bool needed = true;               ///< the question is not understood without it
  bool met = false;                 ///< it names settings
  std::vector<Hit> hits;            ///< keys that have it
  std::vector<Hit> called_hits;     ///< keys that have another word for it
};

/// Capitals, digits and marks within: what is written so is a name.
bool is_name(std::string_view piece) {
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (is_digit(piece[i]) || (i > 0 && (is_upper(piece[i]) || (!is_letter(piece[i]) && i + 1 < piece.size()))))
      return true;
  }
  return false;
}

/// Its parts as stems. A name with parts is asked for as a whole or by its parts.
std::vector<std::string> parts_of(std::string_view piece) {
  std::vector<std::string> out;
  const std::string low = lowered(piece);
  if (low == "c++") return {"cxx"};
  if (low == "who") return {low};
  for (std::string& stem : base::words(piece)) {
    if (stem.size() < 2 || std::ranges::all_of(stem, is_digit) || base::is_stop_word(stem)) continue;
    if (stem.find_first_of("_-.") != std::string::npos) continue;
    out.push_back(root_of(std::move(stem), low));
  }
  return out;
}

/// Which way switches are asked for: "which flags are on".
enum class Switches : std::uint8_t { kAny, kOn, kOff };

Switches switches_of(std::string_view word) {
  const std::vector<std::string_view> one{word};
  if (has_any(one, kOffWords)) return Switches::kOff;
  return has_any(one, kOnWords) ? Switches::kOn : Switches::kAny;
}

/// What a part of the question is answered with.
enum class Answer : std::uint8_t { kAny, kPlace, kNumber };

/// "Where" is answered with a path or an address, "how many" with a number.
Answer answer_of(std::string_view before, std::string_view word) {
  static constexpr std::string_view kMeasures = "many much often large big long high old far";
  if (word == "where") return Answer::kPlace;
  return before == "how" && has_any(std::vector<std::string_view>{word}, kMeasures) ? Answer::kNumber : Answer::kAny;
}

bool answers(std::string_view value, Answer answer) {
  if (answer == Answer::kPlace) return value.find_first_of("/\\.@:") != std::string_view::npos;
  return answer == Answer::kAny || value == "unlimited" || value == "infinity" || std::ranges::any_of(value, is_digit);
}

/// A part of the question.
struct Clause {
  Answer answer = Answer::kAny;
  Switches switches = Switches::kAny;
  bool several = false;  ///< "which", "what": more than one may be meant

  void note(std::string_view before, std::string_view word) {
    if (const Answer said = answer_of(before, word); said != Answer::kAny) answer = said;
    if (const Switches said = switches_of(word); said != Switches::kAny) switches = said;
    several = several || word == "which" || word == "what";
  }
};

struct Words {
  std::vector<Word> words;
  std::vector<Clause> clauses;
};

Words read_words(const Query& query) {
  Words read;
  std::vector<Word>& out = read.words;
  std::vector<std::string> call = base::words(std::string_view(query.tool_arguments).substr(0, kQuestionRead));
  for (std::string& word : call) word = root_of(std::move(word), {});
  const auto shared = [](const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::ranges::any_of(a, [&](const std::string& each) { return std::ranges::find(b, each) != b.end(); });
  };
  std::size_t clause = 0;
  std::string before;
  for (std::string_view piece : split(std::string_view(query.user).substr(0, kQuestionRead), " \t\r\n()\"'`/<>{}=")) {
    const bool ends = std::string_view(",;?!.:").find(piece.back()) != std::string_view::npos;
    while (!piece.empty() && std::string_view(",;?!.:").find(piece.back()) != std::string_view::npos)
      piece.remove_suffix(1);
    while (!piece.empty() && piece.front() == '-') piece.remove_prefix(1);
    Word word{.raw = lowered(piece), .clause = clause, .name = is_name(piece), .stems = parts_of(piece)};
    const bool joins = word.raw == "and" || word.raw == "or" || word.raw == "but";
    read.clauses.resize(clause + 1);
    read.clauses[clause].note(before, word.raw);
    before = word.raw;
    clause += ends || joins;
    if (word.stems.empty() || joins) continue;
    if (std::ranges::any_of(out, [&](const Word& other) { return other.raw == word.raw; })) continue;
    for (const Meaning& meaning : meanings()) {
      if (shared(word.stems, meaning.said))
        word.called.insert(word.called.end(), meaning.called.begin(), meaning.called.end());
    }
    // What the command is about is in every line.
    std::erase_if(word.stems, [&](const std::string& stem) { return std::ranges::find(call, stem) != call.end(); });
    if (word.stems.empty()) continue;
    const bool who = word.raw == "who";
    word.general = !who && std::ranges::all_of(word.stems, is_general);
    word.needed = !word.general && !std::ranges::all_of(word.stems, is_vague);
    out.push_back(std::move(word));
  }
  return read;
}

/// "[enabled]", "'true';", "on": the switch that a value is, in lower case.
std::string switch_of(std::string_view value) {
  const auto wraps = [](char c) { return std::string_view("[]\"'(){};").find(c) != std::string_view::npos; };
  while (!value.empty() && wraps(value.front())) value.remove_prefix(1);
  value = value.substr(0, value.find_first_of(" \t"));
  while (!value.empty() && wraps(value.back())) value.remove_suffix(1);
  return lowered(value.substr(0, 12));
}

/// Keys, one below the other, as they are and in lower case.
struct Keys {
  std::string text, low;
  std::vector<std::size_t> begins;  ///< of each key, and one more

  explicit Keys(const detect::SettingsListing& listing) {
    for (const detect::Setting& setting : listing.settings) {
      begins.push_back(text.size());
      text.append(setting.key).push_back('\n');
    }
    begins.push_back(text.size());
    low = lowered(text);
  }

  std::string_view key(std::size_t at) const {
    return std::string_view(low).substr(begins[at], begins[at + 1] - begins[at] - 1);
  }
};

/// How a stem stands in the text at `at`: as a word, as part of one, or by chance.
float strength_at(const std::string& text, std::size_t at, std::size_t size) {
  const char before = at > 0 ? text[at - 1] : '\n';
  const char here = text[at];
  const bool starts = !is_letter(before) || (is_upper(here) && !is_upper(before)) ||
                      (is_upper(here) && is_upper(before) && at + 1 < text.size() && !is_upper(text[at + 1]) &&
                       is_letter(text[at + 1]));
  std::size_t end = at + size;
  std::size_t rest = 0;
  while (end < text.size() && is_letter(text[end]) && !(is_upper(text[end]) && !is_upper(text[end - 1]))) {
    ++end;
    ++rest;
  }
  // A short stem has lost an "e", or got an "s".
  const bool ending =
      size >= kShortestPart ? rest <= 3 : rest == 1 && (lower(text[at + size]) == 'e' || lower(text[at + size]) == 's');
  if (starts && (rest == 0 || ending)) return kWhole;
  if (size + 1 == kShortestPart && !starts && rest == 0) return kPart;  // "msse2"
  return size >= kShortestPart ? kPart : 0;
}

/// Words run together, as in "serveraliveinterval".
bool runs_together(std::string_view key) {
  static constexpr std::size_t kLong = 8;
  return key.size() > kLong && std::ranges::all_of(key, is_letter);
}

class Asker {
 public:
  Asker(const detect::SettingsListing& listing, std::span<const std::size_t> problems, const Query& query)
      : listing_(listing),
        problems_(problems),
        keys_(listing),
        read_(read_words(query)),
        words_(read_.words),
        question_(lowered(std::string_view(query.user).substr(0, kQuestionRead))),
        most_(std::clamp(listing.settings.size() / kFewOf, kFew, kMost)) {
    overview_ = has_any(split(question_, " \t\r\n,;?!.()\"'`"), kOverview);
  }

  AskedSettings run() {
    out_.named.assign(listing_.settings.size(), 0);
    const auto needed = static_cast<std::size_t>(std::ranges::count(words_, true, &Word::needed));
    if (needed > kMostWords) return std::move(out_);
    answered_.assign(read_.clauses.size(), 0);
    for (Word& word : words_) find_in_keys(word);
    for (Word& word : words_) {
      const bool beside = !word.needed && clause_is_needed(word.clause);
      if (word.general || (beside && word.hits.size() + word.called_hits.size() > kVagueNames)) continue;
      name_best(word, word.hits);
      name_best(word, word.called_hits);
    }
    const bool outside = name_outside();
    for (Word& word : words_) {
      if (outside && word.met) continue;
      if (word.name || (word.needed && word.hits.empty() && word.called_hits.empty())) find_in_values(word);
    }
    note_trouble();
    const bool switches = name_switches();
    const bool any = switches || std::ranges::any_of(words_, &Word::met);
    const auto met = static_cast<std::size_t>(
        std::ranges::count_if(words_, [](const Word& word) { return word.needed && word.met; }));
    const bool clear = !overview_ && answers_all() && (any || outside);
    out_.all_said = clear && met == needed;
    // What is among very many keys is asked for there.
    const bool unclear = std::ranges::any_of(
        words_, [](const Word& word) { return word.needed && !word.met && word.hits.size() > kFewValues; });
    out_.most_said = clear && !unclear && met > 0 && met * 2 >= needed;
    return std::move(out_);
  }

 private:
  /// What each word adds to a setting's score in its clause.
  void find_in_keys(Word& word) {
    const std::size_t n = listing_.settings.size();
    std::vector<float> found(n, 0);
    const float share = 1 / static_cast<float>(word.stems.size());
    for (const std::string& stem : word.stems) find_stem(stem, share, found);
    for (std::uint32_t i = 0; i < n; ++i) {
      if (word.name && keys_.key(i) == word.raw) found[i] = kExact;
    }
    word.hits = hits_of(found);
    std::ranges::fill(found, 0);
    for (const std::string& stem : word.called) find_stem(stem, 0, found);
    word.called_hits = hits_of(found);
    if (scores_.size() <= word.clause) scores_.resize(word.clause + 1);
    std::vector<float>& score = scores_[word.clause];
    if (score.empty()) score.assign(n, 0);
    const std::size_t all = std::max<std::size_t>(word.hits.size() + word.called_hits.size(), 1);
    const float rarity = std::log2(1 + static_cast<float>(n) / static_cast<float>(all));
    for (const Hit& hit : word.hits) score[hit.setting] += hit.strength * rarity;
    for (const Hit& hit : word.called_hits) {
      if (std::ranges::find(word.hits, hit.setting, &Hit::setting) == word.hits.end())
        score[hit.setting] += hit.strength * rarity;
    }
  }

  /// It has a word that must be met; else general words are all there is.
  bool clause_is_needed(std::size_t clause) const {
    return std::ranges::any_of(words_, [&](const Word& word) { return word.clause == clause && word.needed; });
  }

  static std::vector<Hit> hits_of(const std::vector<float>& found) {
    std::vector<Hit> hits;
    for (std::uint32_t i = 0; i < found.size(); ++i) {
      if (found[i] > 0) hits.push_back({i, found[i]});
    }
    return hits;
  }

  /// Parts of a word add up by `share`; of other words for it (0) the best counts.
  void find_stem(const std::string& stem, float share, std::vector<float>& found) const {
    std::size_t setting = 0;
    float best = 0;
    const auto take = [&] {
      if (best > 0) found[setting] = share > 0 ? found[setting] + best * share : std::max(found[setting], best);
      best = 0;
    };
    for (std::size_t at = keys_.low.find(stem); at != std::string::npos; at = keys_.low.find(stem, at + 1)) {
      if (at >= keys_.begins[setting + 1]) {
        take();
        setting = static_cast<std::size_t>(std::ranges::upper_bound(keys_.begins, at) - keys_.begins.begin()) - 1;
      }
      const float strength = strength_at(keys_.text, at, stem.size());
      const bool counts = strength >= kWhole || stem.size() > kShortestPart || runs_together(keys_.key(setting));
      if (share > 0 || counts) best = std::max(best, strength);
    }
    take();
  }

  void name_best(Word& word, const std::vector<Hit>& hits) {
    if (hits.empty()) return;
    const std::vector<float>& score = scores_[word.clause];
    float best = 0;
    for (const Hit& hit : hits) best = std::max(best, score[hit.setting]);
    std::vector<std::uint32_t> near;
    for (const Hit& hit : hits) {
      if (score[hit.setting] >= best * kNearBest) near.push_back(hit.setting);
    }
    if (const Switches asked = read_.clauses[word.clause].switches; near.size() > most_ && asked != Switches::kAny)
      std::erase_if(near, [&](std::uint32_t i) { return !is_switch(i, asked); });
    if (near.empty() || near.size() > most_) return;
    word.met = true;
    const Answer answer = read_.clauses[word.clause].answer;
    for (const std::uint32_t i : near) {
      out_.named[i] = 1;
      if (answers(listing_.settings[i].value, answer)) answered_[word.clause] = 1;
    }
  }

  /// Of the parts of the question that name something, each names something that may answer it.
  bool answers_all() const {
    return std::ranges::all_of(words_, [&](const Word& word) {
      return !word.met || answered_[word.clause] != 0 || read_.clauses[word.clause].answer == Answer::kAny;
    });
  }

  bool is_switch(std::size_t i, Switches asked) const {
    const std::string value = switch_of(listing_.settings[i].value);
    const std::vector<std::string_view> one{value};
    return has_any(one, asked == Switches::kOn ? kOnValues : kOffValues);
  }

  /// "Which options are on?" names all that are, where none of what it named is, and not too many are.
  bool name_switches() {
    bool any = false;
    for (std::size_t at = 0; at < read_.clauses.size(); ++at) {
      const Clause& clause = read_.clauses[at];
      if (!clause.several || clause.switches == Switches::kAny || !name_switches(clause.switches)) continue;
      any = true;
      for (Word& word : words_) word.met = word.met || word.clause == at;
    }
    return any;
  }

  bool name_switches(Switches asked) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < listing_.settings.size(); ++i) {
      if (!is_switch(i, asked)) continue;
      if (out_.named[i] != 0) return false;
      found.push_back(i);
    }
    if (found.empty() || found.size() * 3 > listing_.settings.size()) return false;
    for (const std::size_t i : found) out_.named[i] = 1;
    return true;
  }

  /// What reports a problem is about any word for trouble.
  void note_trouble() {
    for (const std::size_t i : problems_) out_.named[i] = 1;
    if (problems_.empty()) return;
    for (Word& word : words_) word.met = word.met || has_any(std::vector<std::string_view>{word.raw}, kTrouble);
  }

  /// "What is outside /usr?" names the paths that are.
  bool name_outside() {
    const std::size_t said = question_.find("outside");
    const std::size_t begin = said == std::string::npos ? said : question_.find('/', said);
    if (begin == std::string::npos) return false;
    std::size_t end = std::min(question_.find_first_of(" \t\n,;?!\"'`)", begin), question_.size());
    while (end > begin + 1 && (question_[end - 1] == '/' || question_[end - 1] == '.')) --end;
    const std::string folder = question_.substr(begin, end - begin);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < listing_.settings.size(); ++i) {
      std::string_view value = listing_.settings[i].value;
      while (!value.empty() && (value.front() == '"' || value.front() == '\'')) value.remove_prefix(1);
      if (value.size() < 2 || value.front() != '/' || value[1] == '/') continue;
      const std::string low = lowered(value.substr(0, folder.size() + 1));
      const bool inside = low.starts_with(folder) && (low.size() == folder.size() || low[folder.size()] == '/');
      if (!inside) found.push_back(i);
    }
    if (found.size() * 3 > listing_.settings.size()) return false;
    for (const std::size_t i : found) out_.named[i] = 1;
    for (Word& word : words_) word.met = word.met || folder.find(word.raw) != std::string::npos;
    return true;
  }

  /// In values a word must stand by itself, and in few.
  void find_in_values(Word& word) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < listing_.settings.size(); ++i) {
      if (has_word(listing_.settings[i].value, word)) found.push_back(i);
    }
    if (found.empty() || found.size() > kFewValues) return;
    word.met = true;
    for (const std::uint32_t i : found) out_.named[i] = 1;
  }

  static bool has_word(std::string_view value, const Word& word) {
    if (value.size() < 2) return false;
    const std::string low = lowered(value);
    return stands_in(low, word.raw) || (word.stems.size() == 1 && stands_in(low, word.stems.front()));
  }

  static bool stands_in(const std::string& low, std::string_view word) {
    static constexpr std::size_t kShortest = 3;
    if (word.size() < kShortest) return false;
    const auto joined = [](char a, char b) { return (is_letter(a) && is_letter(b)) || (is_digit(a) && is_digit(b)); };
    for (std::size_t at = low.find(word); at != std::string::npos; at = low.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if ((at == 0 || !joined(low[at - 1], word.front())) && (end == low.size() || !joined(word.back(), low[end])))
        return true;
    }
    return false;
  }

  const detect::SettingsListing& listing_;
  const std::span<const std::size_t> problems_;
  const Keys keys_;
  Words read_;
  std::vector<Word>& words_;
  const std::string question_;  ///< in lower case
  const std::size_t most_;      ///< settings that a word names
  bool overview_ = false;
  std::vector<std::vector<float>> scores_;  ///< by clause and setting
  std::vector<std::uint8_t> answered_;      ///< by clause: 1 when something named may be the answer
  AskedSettings out_;
};

}  // namespace

AskedSettings ask_settings(const detect::SettingsListing& listing, std::span<const std::size_t> problems,
                           const Query& query) {
  return Asker(listing, problems, query).run();
}

}  // namespace headroom::compress::config
