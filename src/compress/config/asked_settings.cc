#include "compress/config/asked_settings.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "compress/config/letters.h"
#include "compress/config/question_words.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kQuestionRead = 2000;  // bytes
constexpr std::size_t kMostWords = 24;       // of a question that can be answered by a few settings
constexpr std::size_t kFew = 12;             // settings that a word may name
constexpr std::size_t kFewOf = 12;           // ... or one in so many
constexpr std::size_t kMost = 40;            // ... and never more
constexpr std::size_t kKind = 4;             // the question's own word: one in so many
constexpr std::size_t kVagueNames = 12;      // settings that a vague word may name beside others
constexpr std::size_t kSureValues = 2;       // ... and surely
constexpr std::size_t kFewValues = 8;        // settings that a word in their values names

constexpr float kExact = 3;
constexpr float kWhole = 1;
constexpr float kStart = 0.85F;
constexpr float kPart = 0.75F;
constexpr float kNearBest = 0.7F;  // of the best score that a word has part in

/// A setting whose key has a word.
struct Hit {
  std::uint32_t setting = 0;
  float strength = 0;
};

/// A word and what it names.
struct Sought : Word {
  explicit Sought(Word word) : Word(std::move(word)) {}
  bool met = false;                  ///< it names settings
  bool sure = false;                 ///< ... and is no mere part of another word in all of them
  bool by_value = false;             ///< values have it
  std::vector<Hit> hits;             ///< keys that have it
  std::vector<Hit> called_hits;      ///< keys that have another word for it
  std::vector<std::uint8_t> titled;  ///< by setting: 1 when the title above it has the word
};

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
  if (starts && size > kShortestPart) return kStart;                    // "relayhost"
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
        read_(read_question(query)),
        words_(read_.words.begin(), read_.words.end()),
        question_(lowered(std::string_view(query.user).substr(0, kQuestionRead))),
        most_(std::clamp(listing.settings.size() / kFewOf, kFew, kMost)) {}

  AskedSettings run() {
    out_.named.assign(listing_.settings.size(), 0);
    out_.touched.assign(listing_.settings.size(), 0);
    const auto needed = static_cast<std::size_t>(std::ranges::count(words_, true, &Sought::needed));
    if (needed > kMostWords) return std::move(out_);
    answered_.assign(read_.clauses.size(), 0);
    for (Sought& word : words_) find_in_keys(word);
    for (Sought& word : words_) {
      const bool beside = !word.needed && clause_is_needed(word.clause);
      if (word.general || (beside && word.hits.size() + word.called_hits.size() > kVagueNames)) continue;
      // Of a kind that is asked for, all stay.
      name_best(word, word.hits, word.needed ? std::max(most_, listing_.settings.size() / kKind) : most_);
      name_best(word, word.called_hits, most_);
    }
    const bool outside = name_outside();
    for (Sought& word : words_) {
      if (outside && word.met) continue;
      if (word.name || (word.needed && word.hits.empty() && word.called_hits.empty())) find_in_values(word);
    }
    note_trouble();
    note_titles();
    std::erase_if(out_.parts, [&](const auto& part) { return out_.named[part.first] != 0; });
    const bool switches = name_switches();
    const bool any = switches || std::ranges::any_of(words_, &Sought::met);
    out_.said = read_.overview || !(any || outside) || !answers_all() ? Said::kNothing : said(needed);
    return std::move(out_);
  }

 private:
  Said said(std::size_t needed) const {
    const auto met = static_cast<std::size_t>(
        std::ranges::count_if(words_, [](const Sought& word) { return word.needed && word.met; }));
    if (met == needed) {
      const bool sure =
          std::ranges::all_of(words_, [](const Sought& word) { return !word.needed || word.sure || word.by_value; });
      return sure ? Said::kSurelyAll : Said::kAll;
    }
    if (met == 0) return std::ranges::any_of(words_, &Sought::met) ? Said::kSome : Said::kNothing;
    if (std::ranges::any_of(words_, is_unclear)) return Said::kSome;
    return met * 3 >= needed * 2 ? Said::kNearlyAll : met * 2 >= needed ? Said::kHalf : Said::kSome;
  }

  /// A name or a number that nothing has, or what very many keys have: what is asked for may be anywhere.
  static bool is_unclear(const Sought& word) {
    return word.needed && !word.met && (word.name || word.hits.size() + word.called_hits.size() > kFewValues);
  }

  /// What each word adds to a setting's score in its clause.
  void find_in_keys(Sought& word) {
    const std::size_t n = listing_.settings.size();
    std::vector<float> found(n, 0);
    const float share = 1 / static_cast<float>(word.roots.size());
    for (const std::string& root : word.roots) find_root(root, share, found);
    for (std::uint32_t i = 0; i < n; ++i) {
      if (word.name && keys_.key(i) == word.raw) found[i] = kExact;
    }
    if (word.acronym) find_initials(word.raw, found);
    word.hits = hits_of(found);
    std::vector<float> called(n, 0);
    for (const std::string& root : word.called) find_root(root, 0, called);
    if (word.joined.size() > kShortestPart) find_root(word.joined, 0, called);
    word.called_hits = hits_of(called);
    if (scores_.size() <= word.clause) scores_.resize(word.clause + 1);
    std::vector<float>& score = scores_[word.clause];
    if (score.empty()) score.assign(n, 0);
    const std::size_t all = std::max<std::size_t>(word.hits.size() + word.called_hits.size(), 1);
    const float rarity = std::log2(1 + static_cast<float>(n) / static_cast<float>(all));
    for (std::size_t i = 0; i < n; ++i) {
      const float strength = std::max(found[i], called[i]);
      score[i] += strength * rarity;
      if (strength > 0 && !word.general) out_.touched[i] = 1;
    }
    add_titles(word, score);
  }

  /// What is in a part whose title has the word is a little more what is meant.
  void add_titles(Sought& word, std::vector<float>& score) {
    const std::size_t n = listing_.settings.size();
    std::string_view before;
    bool has = false;
    std::size_t inside = 0;
    word.titled.assign(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      const std::string_view title = listing_.settings[i].title;
      if (title.data() != before.data()) has = !title.empty() && has_word(title, word);
      before = title;
      if (!has) continue;
      word.titled[i] = 1;
      ++inside;
    }
    if (inside == 0) return;
    const float rarity = std::log2(1 + static_cast<float>(n) / static_cast<float>(inside));
    for (std::size_t i = 0; i < n; ++i) {
      if (word.titled[i] != 0) score[i] += kPart * rarity;
    }
  }

  /// A word of a title names nothing, and is met where something in that part is named.
  void note_titles() {
    for (Sought& word : words_) {
      for (std::size_t i = 0; i < word.titled.size() && !word.met && word.hits.empty(); ++i) {
        if (word.titled[i] != 0 && out_.named[i] != 0) meet(word);
      }
    }
  }

  /// It has a word that must be met; else general words are all there is.
  bool clause_is_needed(std::size_t clause) const {
    return std::ranges::any_of(words_, [&](const Sought& word) { return word.clause == clause && word.needed; });
  }

  static std::vector<Hit> hits_of(const std::vector<float>& found) {
    std::vector<Hit> hits;
    for (std::uint32_t i = 0; i < found.size(); ++i) {
      if (found[i] > 0) hits.push_back({i, found[i]});
    }
    return hits;
  }

  /// Parts of a word add up by `share`; of other words for it (0) the best counts.
  void find_root(const std::string& root, float share, std::vector<float>& found) const {
    std::size_t setting = 0;
    float best = 0;
    const auto take = [&] {
      if (best > 0) found[setting] = share > 0 ? found[setting] + best * share : std::max(found[setting], best);
      best = 0;
    };
    for (std::size_t at = keys_.low.find(root); at != std::string::npos; at = keys_.low.find(root, at + 1)) {
      if (at >= keys_.begins[setting + 1]) {
        take();
        setting = static_cast<std::size_t>(std::ranges::upper_bound(keys_.begins, at) - keys_.begins.begin()) - 1;
      }
      const float strength = strength_at(keys_.text, at, root.size());
      const bool counts = strength >= kWhole || root.size() > kShortestPart || runs_together(keys_.key(setting)) ||
                          ends_word(at + root.size());
      if (share > 0 || counts) best = std::max(best, strength);
    }
    take();
  }

  static void meet(Sought& word) { word.met = word.sure = true; }

  /// "TSO": tcp-segmentation-offload.
  void find_initials(std::string_view letters, std::vector<float>& found) const {
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::string_view key = keys_.key(i);
      std::size_t met = 0;
      bool all = true;
      for (std::size_t at = 0; at < key.size() && all; ++at) {
        const bool starts = is_letter(key[at]) && (at == 0 || (!is_letter(key[at - 1]) && !is_digit(key[at - 1])));
        if (!starts) continue;
        all = met < letters.size() && key[at] == letters[met];
        ++met;
      }
      if (all && met == letters.size()) found[i] = kWhole;
    }
  }

  bool ends_word(std::size_t at) const { return at >= keys_.text.size() || !is_letter(keys_.text[at]); }

  void name_best(Sought& word, const std::vector<Hit>& hits, std::size_t most) {
    if (hits.empty()) return;
    const std::vector<float>& score = scores_[word.clause];
    float best = 0;
    for (const Hit& hit : hits) best = std::max(best, score[hit.setting]);
    std::vector<std::uint32_t> near;
    for (const Hit& hit : hits) {
      if (score[hit.setting] >= best * kNearBest) near.push_back(hit.setting);
    }
    if (const Switches asked = read_.clauses[word.clause].switches; near.size() > most_ && asked != Switches::kAny)
      std::erase_if(near, [&](std::uint32_t i) { return !stands(listing_.settings[i].value, asked); });
    if (near.empty() || near.size() > most) return;
    word.met = true;
    const Answer answer = read_.clauses[word.clause].answer;
    for (const std::uint32_t i : near) {
      out_.named[i] = 1;
      if (!answers(listing_.settings[i].value, answer)) continue;
      answered_[word.clause] = 1;
      word.sure = word.sure || is_sure(i, hits);
    }
  }

  /// The key has the word itself, or is written as one.
  bool is_sure(std::uint32_t setting, const std::vector<Hit>& hits) const {
    const auto hit = std::ranges::find(hits, setting, &Hit::setting);
    return (hit != hits.end() && hit->strength >= kStart) || runs_together(keys_.key(setting));
  }

  /// Of the parts of the question that name something, each names something that may answer it.
  bool answers_all() const {
    return std::ranges::all_of(words_, [&](const Sought& word) {
      return !word.met || answered_[word.clause] != 0 || read_.clauses[word.clause].answer == Answer::kAny;
    });
  }

  /// "Which options are on?" names all that are, where none of what it named is, and not too many are.
  bool name_switches() {
    bool any = false;
    for (std::size_t at = 0; at < read_.clauses.size(); ++at) {
      const Clause& clause = read_.clauses[at];
      if (!clause.several || clause.switches == Switches::kAny || !name_switches(clause.switches)) continue;
      any = true;
      for (Sought& word : words_) {
        if (word.clause == at) meet(word);
      }
    }
    return any;
  }

  bool name_switches(Switches asked) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < listing_.settings.size(); ++i) {
      if (!stands(listing_.settings[i].value, asked)) continue;
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
    for (Sought& word : words_) {
      if (is_trouble(word.raw)) meet(word);
    }
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
    for (Sought& word : words_) {
      if (folder.find(word.raw) != std::string::npos) meet(word);
    }
    return true;
  }

  /// In values a word must stand by itself, and in few.
  void find_in_values(Sought& word) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < listing_.settings.size(); ++i) {
      if (has_word(listing_.settings[i].value, word)) found.push_back(i);
    }
    if (found.empty() || found.size() > kFewValues) return;
    word.by_value = true;
    // A plain word may stand in a value by chance.
    word.met = word.name || found.size() <= kSureValues || std::ranges::any_of(words_, [&](const Sought& other) {
                 return other.clause == word.clause && other.met && !other.hits.empty();
               });
    for (const std::uint32_t i : found) {
      if (!take_parts(i, word)) out_.named[i] = 1;
    }
  }

  /// Of a long value that is a list only what has the word; false: it is short, or something else.
  bool take_parts(std::uint32_t setting, const Sought& word) {
    static constexpr std::size_t kLong = 240;  // bytes
    static constexpr std::size_t kMostParts = 8;
    static constexpr std::size_t kLongestPart = 40;
    const std::string_view value = listing_.settings[setting].value;
    if (value.size() < kLong) return false;
    const std::vector<std::string_view> items = split(value, " \t,;");
    if (items.size() * kLongestPart / 2 < value.size()) return false;
    std::string& parts = out_.parts[setting];
    std::size_t taken = 0;
    for (std::string_view item : items) {
      if (item.size() > kLongestPart || taken == kMostParts || !has_word(item, word)) continue;
      parts.append(parts.empty() ? "" : " ").append(item);
      ++taken;
    }
    if (parts.empty()) out_.parts.erase(setting);
    return taken > 0;
  }

  static bool has_word(std::string_view value, const Sought& word) {
    if (value.size() < 2) return false;
    const std::string low = lowered(value);
    return stands_in(low, word.raw) || (word.roots.size() == 1 && stands_in(low, word.roots.front()));
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
  const QuestionWords read_;
  std::vector<Sought> words_;
  const std::string question_;              ///< in lower case
  const std::size_t most_;                  ///< settings that a word names
  std::vector<std::vector<float>> scores_;  ///< by clause and setting
  std::vector<std::uint8_t> answered_;      ///< by clause: 1 when something named may be the answer
  AskedSettings out_;
};

}  // namespace

Said enough_said(std::size_t bytes) {
  static constexpr std::size_t kMedium = 3000;
  static constexpr std::size_t kLarge = 6000;
  return bytes >= kLarge ? Said::kHalf : bytes >= kMedium ? Said::kNearlyAll : Said::kSurelyAll;
}

AskedSettings ask_settings(const detect::SettingsListing& listing, std::span<const std::size_t> problems,
                           const Query& query) {
  return Asker(listing, problems, query).run();
}

}  // namespace headroom::compress::config
