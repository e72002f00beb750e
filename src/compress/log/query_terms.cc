#include "compress/log/query_terms.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/log/named_day.h"
#include "compress/other_words.h"
#include "compress/phrases.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kMaxTerms = 48;
constexpr std::size_t kMaxExact = 16;
constexpr std::size_t kMaxPairs = 16;
constexpr std::uint32_t kFewLines = 12;
constexpr std::size_t kFewKeys = 6;
constexpr std::size_t kLongestField = 300;  // bytes of a line that is kept for its key
constexpr std::size_t kMaxFolders = 3;

bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool in_name(char c) {
  return letter(c) || digit(c) || c == '_';
}
bool high(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// Words that logs use for what people ask about in other words; first the asked one.
constexpr std::array<std::array<std::string_view, 9>, 26> kSynonyms = {{
    {"died", "killed", "oom", "exit", "exited", "terminated", "crashed", "shutdown", "shutting"},
    {"crash", "segfault", "sigsegv", "core", "panic", "abort", "exited", "oom"},
    {"stop", "exited", "terminated", "shutdown", "inactive", "killed", "stopped", "halted"},
    {"restart", "backoff", "back", "reload", "respawn", "started"},
    {"start", "boot", "launch", "listening", "ready", "initialized"},
    {"outside", "external", "publicly", "internet", "ingress"},
    {"open", "listening", "ingress", "exposed"},
    {"slow", "took", "duration", "elapsed", "slowest"},
    {"permission", "denied", "forbidden", "eacces", "unauthorized"},
    {"connect", "refused", "econnrefused", "unreachable", "connection"},
    {"delete", "destroyed", "removed", "dropped"},
    {"destroy", "deleted", "replaced", "removed"},
    {"create", "added", "new", "created"},
    {"change", "updated", "modified", "replaced", "changed"},
    {"memory", "oom", "heap", "allocate", "leak"},
    {"disk", "space", "enospc", "volume"},
    {"login", "auth", "password", "session", "sshd", "accepted"},
    {"network", "connection", "timeout", "dns", "unreachable", "host"},
    {"missing", "found", "enoent", "404"},
    {"conflict", "eresolve", "peer", "incompatible"},
    {"depend", "requires", "required", "requirement", "dependencies", "needs"},
    {"upgrade", "updated", "downgraded", "installed"},
    {"lock", "deadlock", "waiting", "blocked", "monitor", "held"},
    {"expire", "notafter", "validity", "valid"},
    {"decide", "decision", "agreed", "conclusion"},
    {"pay", "due", "payable", "payment", "total", "amount"},
}};

/// A number per shape, zero at first: open addressing, at most half full.
class ShapeIndex {
 public:
  explicit ShapeIndex(std::size_t lines) : slots_(std::bit_ceil(lines * 2 + 2)) {}

  std::uint32_t& at(std::uint64_t shape) {
    std::size_t at = (shape ^ (shape >> 32)) & (slots_.size() - 1);
    while (slots_[at].value != 0 && slots_[at].shape != shape) at = (at + 1) & (slots_.size() - 1);
    slots_[at].shape = shape;
    return slots_[at].value;
  }

 private:
  struct Slot {
    std::uint64_t shape = 0;
    std::uint32_t value = 0;
  };
  std::vector<Slot> slots_;
};

struct Term {
  std::string stem;
  double weight;
  std::uint32_t lines = 0;
};

/// The key of "key: value" and "key = value", quotes aside; empty for other lines.
std::string_view key_of(std::string_view line) {
  std::size_t begin = line.find_first_not_of(" \t\"'");
  if (begin == line.npos || !letter(line[begin])) return {};
  std::size_t end = begin;
  while (end < line.size() && (in_name(line[end]) || line[end] == '-')) ++end;
  std::size_t mark = end;
  while (mark < line.size() && std::string_view(" \t\"'").find(line[mark]) != std::string_view::npos) ++mark;
  if (mark >= line.size() || (line[mark] != ':' && line[mark] != '=') || mark + 1 >= line.size()) return {};
  // "std::x", "C:\x", "a == b"
  const char next = line[mark + 1];
  if (next == ':' || next == '=' || (line[mark] == ':' && next != ' ' && next != '\t')) return {};
  return line.substr(begin, end - begin);
}

class Matcher {
 public:
  Matcher(const Document& document, const Query& query) : document_(document) {
    add_words(query.user, 1.0);
    add_words(query.intent, 0.4);
    add_words(query.tool_arguments, 0.15);
    const std::size_t own = terms_.size();
    for (std::size_t i = 0; i < own && i < 24; ++i) add_synonyms(terms_[i].stem, terms_[i].weight * 0.35);
    for (const std::string& word : other_words(query.user)) add_term(word, 1.0);
    wants_ = read_wants(query.user);
    day_ = named_day(query.user);
    add_figures(query.user);
    add_exact(query.user);
    add_exact(query.intent);
    add_codes(query.user);
    add_folders(query.user);
    add_pairs(query.user);
    phrases_ = phrases_of(query.user);
  }

  QueryMatch run() {
    QueryMatch out;
    out.wants = wants_;
    out.score.assign(document_.lines.size(), 0.0f);
    if (!terms_.empty()) score_words(out);
    for (const std::string& text : exact_) find_exact(text, out);
    find_phrases(out);
    if (day_) find_day(out);
    find_codes(out);
    out.named = !out.exact.empty();
    find_keys(out);
    std::ranges::sort(out.exact);
    const auto tail = std::ranges::unique(out.exact);
    out.exact.erase(tail.begin(), tail.end());
    out.folders = folders_;
    return out;
  }

 private:
  /// "vectorization" and "vectorize": long words that differ in their endings only.
  static bool kindred(std::string_view a, std::string_view b) {
    const std::size_t least = std::min(a.size(), b.size());
    if (least < 7 || std::max(a.size(), b.size()) > least + 5) return false;
    const auto same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    return same >= 7 && same + 2 >= least;
  }

  /// "CONST" of what is asked for as a constant: names in capitals are cut off.
  static bool shortened(std::string_view term, std::string_view word) {
    if (word.size() < 4 || word.size() >= term.size() || !std::ranges::all_of(word, upper)) return false;
    return std::ranges::equal(word, term.substr(0, word.size()), {}, lower);
  }

  static std::uint32_t prefix_key(std::string_view word) {
    std::uint32_t key = static_cast<std::uint32_t>(word.size() < 3 ? 7 : 0);
    for (std::size_t i = 0; i < std::min<std::size_t>(3, word.size()); ++i)
      key = key * 31 + static_cast<unsigned char>(lower(word[i]));
    return key & 4095u;
  }

  void add_term(std::string_view stem, double weight) {
    if (stem.size() < 2 || terms_.size() >= kMaxTerms) return;
    if (std::ranges::any_of(terms_, [&](const Term& t) { return t.stem == stem; })) return;
    if (std::ranges::all_of(stem, digit)) return;
    terms_.push_back({std::string(stem), weight});
    prefixes_.set(prefix_key(stem));
  }

  void add_words(std::string_view text, double weight) {
    for (const std::string& word : base::words(text)) {
      if (!base::is_stop_word(word)) add_term(word, weight);
    }
  }

  /// Words of the user's that stand side by side, or with a small word between: "severity High", "status is failed".
  void add_pairs(std::string_view user) {
    std::size_t before = kMaxTerms;
    bool small = false;
    for (const std::string& word : base::words(user)) {
      if (base::is_stop_word(word)) {
        if (small) before = kMaxTerms;
        small = true;
        continue;
      }
      small = false;
      const auto found = std::ranges::find(terms_, word, &Term::stem);
      const std::size_t at = found == terms_.end() ? kMaxTerms : static_cast<std::size_t>(found - terms_.begin());
      if (before < kMaxTerms && at < kMaxTerms && at != before && pairs_.size() < kMaxPairs)
        pairs_.push_back({.first = before, .second = at});
      before = at;
    }
  }

  void add_synonyms(std::string stem, double weight) {
    for (const auto& row : kSynonyms) {
      if (stem != base::stem(row[0])) continue;
      for (std::size_t k = 1; k < row.size() && !row[k].empty(); ++k) add_term(base::stem(row[k]), weight);
    }
  }

  /// Figures that logs use for what people put into words.
  void add_figures(std::string_view user) {
    struct Figure {
      std::string_view word;
      std::array<std::string_view, 3> texts;
    };
    static constexpr std::array<Figure, 8> kFigures = {{
        {"outside", {"0.0.0.0", "::/0", "*:*"}},
        {"internet", {"0.0.0.0/0", "::/0", ""}},
        {"public", {"0.0.0.0", "::/0", ""}},
        {"world", {"0.0.0.0/0", "::/0", ""}},
        {"everyone", {"0.0.0.0/0", "*:*", ""}},
        {"anywhere", {"0.0.0.0/0", "::/0", ""}},
        {"anyone", {"0.0.0.0/0", "*:*", ""}},
        {"publicly", {"0.0.0.0", "::/0", ""}},
    }};
    for (const std::string& word : base::words(user)) {
      for (const Figure& figure : kFigures) {
        if (word == base::stem(figure.word)) {
          for (std::string_view text : figure.texts) {
            if (!text.empty()) exact_.emplace_back(text);
          }
        }
      }
    }
  }

  void add_exact(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && exact_.size() < kMaxExact) {
      const char c = text[at];
      if (c == '"' || c == '`' || (c == '\'' && (at == 0 || text[at - 1] == ' '))) {
        const std::size_t end = text.find(c, at + 1);
        if (end != std::string_view::npos && end - at > 3 && end - at < 120) {
          exact_.emplace_back(text.substr(at + 1, end - at - 1));
          at = end + 1;
          continue;
        }
      }
      if (!letter(c) && !digit(c) && c != '/') {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && (letter(text[end]) || digit(text[end]) ||
                                   std::string_view("_-./:@#+").find(text[end]) != std::string_view::npos))
        ++end;
      std::string_view word = text.substr(at, end - at);
      at = end;
      while (!word.empty() && std::string_view(".:-/").find(word.back()) != std::string_view::npos)
        word.remove_suffix(1);
      if (specific(word)) exact_.emplace_back(word);
    }
  }

  /// "37" of "pull request 37": a number that names one of several, and does not count how many.
  static bool names_one(std::string_view user, std::size_t at, std::size_t end) {
    if (end - at != 2 || !std::ranges::all_of(user.substr(at, 2), digit)) return false;
    std::size_t begin = at;
    while (begin > 0 && (user[begin - 1] == ' ' || user[begin - 1] == '#')) --begin;
    const std::size_t behind = begin;
    while (begin > 0 && letter(user[begin - 1])) --begin;
    std::string noun(user.substr(begin, behind - begin));
    std::ranges::transform(noun, noun.begin(), lower);
    if (noun.size() < 3 || base::is_stop_word(noun)) return false;
    static constexpr std::array<std::string_view, 8> kCounts = {"top",  "last", "first",  "than",
                                                                "next", "only", "within", "least"};
    return std::ranges::find(kCounts, noun) == kCounts.end();
  }

  /// "V8", "k8s", "C3": names that are too short to be looked for anywhere in a line.
  void add_codes(std::string_view user) {
    for (std::size_t at = 0; at < user.size() && codes_.size() < kMaxExact;) {
      std::size_t end = at;
      while (end < user.size() && in_name(user[end])) ++end;
      const std::string_view word = user.substr(at, end - at);
      const bool code = word.size() >= 2 && word.size() <= 4 && letter(word[0]) && std::ranges::any_of(word, digit);
      if (code || names_one(user, at, end)) {
        codes_.emplace_back(word);
        std::ranges::transform(codes_.back(), codes_.back().begin(), lower);
      }
      at = std::max(end, at + 1);
    }
  }

  /// "below src/", "in lib/net": where rows have to lie to count.
  void add_folders(std::string_view user) {
    for (std::size_t at = 0; at < user.size() && folders_.size() < kMaxFolders;) {
      std::size_t end = at;
      while (end < user.size() && (in_name(user[end]) || std::string_view("-./").find(user[end]) != user.npos)) ++end;
      std::string_view word = user.substr(at, end - at);
      while (word.ends_with('.')) word.remove_suffix(1);
      if (word.size() >= 3 && word.find('/') != word.npos && std::ranges::any_of(word, letter)) {
        folders_.emplace_back(word);
      }
      at = std::max(end, at + 1);
    }
  }

  /// "IS", "POST", "EU": a name or a code, and no word of the sentence.
  static bool capitals(std::string_view word) {
    return word.size() >= 2 && word.size() <= 6 && std::ranges::all_of(word, upper);
  }

  static bool specific(std::string_view word) {
    if (capitals(word)) return true;
    if (word.size() < 3) return false;
    const bool has_digit = std::ranges::any_of(word, digit);
    if (has_digit) return true;
    if (word.size() < 5) return false;
    if (word.find_first_of("_/.:@") != std::string_view::npos) return true;
    for (std::size_t i = 1; i < word.size(); ++i) {
      if (upper(word[i]) && !upper(word[i - 1]) && letter(word[i - 1])) return true;
    }
    return false;
  }

  void score_words(QueryMatch& out) {
    std::vector<float>& score = out.score;
    std::vector<std::uint32_t>& few = out.few;
    out.met.assign(score.size(), false);
    std::vector<std::uint32_t> hit_of(document_.lines.size(), 0);
    std::vector<Met> hits;
    ShapeIndex known(document_.lines.size());
    for (std::size_t i = 0; i < document_.lines.size(); ++i) {
      const Line& line = document_.lines[i];
      std::uint32_t& at = known.at(line.shape);
      if (at == 0) {
        hits.push_back(terms_in(line));
        at = static_cast<std::uint32_t>(hits.size());
      }
      hit_of[i] = at - 1;
      for (std::uint64_t bits = hits[hit_of[i]].terms; bits != 0; bits &= bits - 1) {
        ++terms_[static_cast<std::size_t>(std::countr_zero(bits))].lines;
      }
      for (std::size_t k = 0; k < pairs_.size(); ++k) pairs_[k].lines += hits[hit_of[i]].pairs >> k & 1U;
    }
    std::vector<double> worth;
    const double n = static_cast<double>(document_.lines.size());
    std::uint64_t selective = 0;  // words of the user that few lines have
    std::uint64_t said = 0;
    for (std::size_t k = 0; k < terms_.size(); ++k) {
      const bool rare =
          terms_[k].lines > 0 && terms_[k].lines <= kFewLines && terms_[k].lines * 10 <= document_.lines.size();
      if (terms_[k].weight >= 1.0) said |= 1ull << k;
      if (rare && terms_[k].weight >= 1.0) selective |= 1ull << k;
    }
    for (const Term& term : terms_) {
      const double share = term.lines / n;
      worth.push_back(term.lines == 0 || share > 0.3 ? 0.0 : term.weight * std::log(n / term.lines) / std::log(n + 1));
    }
    for (std::size_t i = 0; i < score.size(); ++i) {
      double sum = 0;
      const Met& met = hits[hit_of[i]];
      for (std::uint64_t bits = met.terms; bits != 0; bits &= bits - 1)
        sum += worth[static_cast<std::size_t>(std::countr_zero(bits))];
      bool side_by_side = false;
      for (std::size_t k = 0; k < pairs_.size(); ++k) {
        const bool rare = pairs_[k].lines <= kFewLines && pairs_[k].lines * 10 <= document_.lines.size();
        side_by_side |= rare && (met.pairs >> k & 1U) != 0;
      }
      score[i] = static_cast<float>(sum);
      out.met[i] = (met.terms & said) != 0;
      if (side_by_side) out.together.push_back(static_cast<std::uint32_t>(i));
      if ((met.terms & selective) != 0 || side_by_side) few.push_back(static_cast<std::uint32_t>(i));
    }
  }

  /// What a line has of the question, as bits.
  struct Met {
    std::uint64_t terms = 0;
    std::uint32_t pairs = 0;
  };

  /// The pairs of which one word is among `before` and the other among `now`.
  std::uint32_t pairs_of(std::uint64_t before, std::uint64_t now) const {
    const auto has = [](std::uint64_t bits, std::size_t term) { return (bits >> term & 1U) != 0; };
    std::uint32_t met = 0;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      const Pair& pair = pairs_[k];
      if ((has(before, pair.first) && has(now, pair.second)) || (has(before, pair.second) && has(now, pair.first)))
        met |= 1U << k;
    }
    return met;
  }

  Met terms_in(const Line& line) const {
    Met met;
    std::uint64_t before = 0;
    for (std::uint32_t i = 0; i < line.token_count; ++i) {
      const std::string_view text = document_.text_of(line, document_.tokens[line.first_token + i]);
      std::size_t at = 0;
      while (at < text.size()) {
        if (!letter(text[at]) && !high(text[at])) {
          ++at;
          continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && (letter(text[end]) || high(text[end])) &&
               !(upper(text[end]) && !upper(text[end - 1])))
          ++end;
        const std::uint64_t now = terms_of(text.substr(at, end - at));
        if (before != 0 && now != 0) met.pairs |= pairs_of(before, now);
        met.terms |= now;
        before = now;
        at = end;
      }
    }
    return met;
  }

  std::uint64_t terms_of(std::string_view word) const {
    if (word.size() < 2 || word.size() > 40 || (!prefixes_.test(prefix_key(word)) && without_lib(word) == word))
      return 0;
    std::string low(word);
    std::ranges::transform(low, low.begin(), lower);
    // Shorter each time, however the word is written: "Library" begins with a capital.
    const std::size_t rest = without_lib(low).size();
    std::uint64_t met = rest < low.size() ? terms_of(word.substr(word.size() - rest)) : 0;
    if (!prefixes_.test(prefix_key(word))) return met;
    const std::string stem = base::stem(low);
    for (std::size_t k = 0; k < terms_.size(); ++k) {
      const std::string& term = terms_[k].stem;
      if (term == stem || (term.size() >= 4 && low.starts_with(term) && low.size() <= term.size() + 4) ||
          kindred(term, stem) || shortened(term, word))
        met |= 1ull << k;
    }
    return met;
  }

  void find_exact(const std::string& needle, QueryMatch& out) const {
    if (document_.lines.empty()) return;
    const char* begin = document_.lines.front().text.data();
    const char* end = document_.lines.back().text.data() + document_.lines.back().text.size();
    const std::string_view all(begin, static_cast<std::size_t>(end - begin));
    const std::size_t most = std::max<std::size_t>(12, document_.lines.size() / 50);
    std::vector<std::uint32_t> hits;
    for (std::size_t at = all.find(needle); at != std::string_view::npos; at = all.find(needle, at + needle.size())) {
      const bool cut_left = at > 0 && digit(needle.front()) && (digit(all[at - 1]) || all[at - 1] == '.');
      const std::size_t after = at + needle.size();
      const bool cut_right = after < all.size() && digit(needle.back()) && digit(all[after]);
      const bool inside =
          capitals(needle) && ((at > 0 && letter(all[at - 1])) || (after < all.size() && letter(all[after])));
      if (cut_left || cut_right || inside) continue;
      const auto line =
          std::ranges::upper_bound(document_.lines, begin + at, {}, [](const Line& l) { return l.text.data(); });
      const auto index = static_cast<std::uint32_t>(line - document_.lines.begin() - 1);
      if (hits.empty() || hits.back() != index) hits.push_back(index);
      if (hits.size() > most * 20) break;
    }
    if (hits.size() <= most) {
      out.exact.insert(out.exact.end(), hits.begin(), hits.end());
    } else {
      out.exact.insert(out.exact.end(), hits.begin(), hits.begin() + 2);
      out.exact.push_back(hits.back());
      for (std::uint32_t i : hits) out.score[i] += 0.3f;
    }
  }

  /// Lines that say two words as the question says them, side by side, where they are few.
  void find_phrases(QueryMatch& out) const {
    if (phrases_.empty() || document_.lines.empty()) return;
    const char* begin = document_.lines.front().text.data();
    const char* end = document_.lines.back().text.data() + document_.lines.back().text.size();
    std::string low(begin, end);
    std::ranges::transform(low, low.begin(), lower);
    for (const std::string& phrase : phrases_) {
      std::vector<std::uint32_t> hits;
      for (std::size_t at = find_phrase(low, phrase); at != std::string::npos && hits.size() <= kFewLines;
           at = find_phrase(low, phrase, at + 1)) {
        const auto line =
            std::ranges::upper_bound(document_.lines, begin + at, {}, [](const Line& l) { return l.text.data(); });
        const auto index = static_cast<std::uint32_t>(line - document_.lines.begin() - 1);
        if (hits.empty() || hits.back() != index) hits.push_back(index);
      }
      if (hits.size() > kFewLines || hits.size() * 10 > document_.lines.size()) continue;
      out.exact.insert(out.exact.end(), hits.begin(), hits.end());
    }
  }

  /// Lines of the day that the question names, where they are a few of many.
  void find_day(QueryMatch& out) const {
    constexpr std::size_t kMost = 40;
    std::vector<std::uint32_t> hits;
    for (std::uint32_t i = 0; i < document_.lines.size() && hits.size() <= kMost; ++i) {
      if (holds_day(document_.lines[i].text, *day_)) hits.push_back(i);
    }
    if (hits.size() > kMost || hits.size() * 3 > document_.lines.size()) return;
    out.exact.insert(out.exact.end(), hits.begin(), hits.end());
  }

  /// Lines that hold a code as a word of its own.
  void find_codes(QueryMatch& out) const {
    if (codes_.empty()) return;
    std::vector<std::vector<std::uint32_t>> hits(codes_.size());
    std::string low;
    for (std::uint32_t i = 0; i < document_.lines.size(); ++i) {
      const std::string_view text = document_.lines[i].text;
      low.assign(text);
      std::ranges::transform(low, low.begin(), lower);
      for (std::size_t k = 0; k < codes_.size(); ++k) {
        for (std::size_t at = low.find(codes_[k]); at != std::string::npos; at = low.find(codes_[k], at + 1)) {
          const std::size_t end = at + codes_[k].size();
          if ((at > 0 && in_name(low[at - 1])) || (end < low.size() && in_name(low[end]))) continue;
          hits[k].push_back(i);
          break;
        }
      }
    }
    for (const std::vector<std::uint32_t>& lines : hits) {
      if (lines.size() <= kFewLines) out.exact.insert(out.exact.end(), lines.begin(), lines.end());
    }
  }

  /// Lines "key: value" and "key = value" whose key is a word of the user's, where few lines have it.
  void find_keys(QueryMatch& out) const {
    std::vector<std::vector<std::uint32_t>> hits(terms_.size());
    for (std::uint32_t i = 0; i < document_.lines.size(); ++i) {
      const std::string_view key = key_of(document_.lines[i].text);
      if (key.size() < 3 || key.size() > 40 || !prefixes_.test(prefix_key(key))) continue;
      std::string low(key);
      std::ranges::transform(low, low.begin(), lower);
      const std::string stem = base::stem(low);
      for (std::size_t k = 0; k < terms_.size(); ++k) {
        if (terms_[k].weight >= 1.0 && terms_[k].stem == stem) hits[k].push_back(i);
      }
    }
    for (const std::vector<std::uint32_t>& lines : hits) {
      if (lines.size() > kFewKeys) continue;
      for (std::uint32_t i : lines) {
        if (document_.lines[i].text.size() <= kLongestField) out.exact.push_back(i);
      }
    }
  }

  /// Two terms, by their numbers.
  struct Pair {
    std::size_t first = 0, second = 0;
    std::uint32_t lines = 0;
  };

  const Document& document_;
  std::vector<Pair> pairs_;
  std::vector<std::string> phrases_;
  std::vector<std::string> codes_;
  std::vector<std::string> folders_;
  std::vector<Term> terms_;
  std::bitset<4096> prefixes_;
  std::vector<std::string> exact_;
  Wants wants_;
  std::optional<NamedDay> day_;
};

}  // namespace

QueryMatch match_query(const Document& document, const Query& query) {
  return Matcher(document, query).run();
}

}  // namespace headroom::compress::log
